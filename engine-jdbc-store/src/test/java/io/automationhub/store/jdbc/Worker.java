package io.automationhub.store.jdbc;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A {@link WorkerMain} in a process of its own. */
final class Worker implements AutoCloseable {

    private final Process process;
    private final String name;

    private Worker(Process process, String name) {
        this.process = process;
        this.name = name;
    }

    static Worker start(String url, Path ledger, String name) throws IOException {
        return start(url, ledger, name, 0);
    }

    /** One that starts runs of its own before it is ready. */
    static Worker start(String url, Path ledger, String name, int runs) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                url,
                ledger.toString(),
                name,
                Integer.toString(runs));
        Files.createDirectories(ledger);
        Process process = new ProcessBuilder(command)
                .redirectError(ledger.resolve(name + ".err").toFile())
                .start();
        return new Worker(process, name);
    }

    String name() {
        return name;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it takes runs. */
    Worker awaitReady() throws IOException {
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        while (line != null && !line.equals("ready")) {
            line = out.readLine();
        }
        if (line == null) {
            throw new IOException("The worker " + name + " ended before it was ready");
        }
        return this;
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends a signal of the operating system: STOP, CONT. */
    void signal(String signal) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("kill -" + signal + " failed");
        }
    }

    @Override
    public void close() {
        kill();
    }
}
