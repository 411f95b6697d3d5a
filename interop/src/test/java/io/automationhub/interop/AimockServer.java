package io.automationhub.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server {@code @copilotkit/aimock} of npm, in a process of its own on a free port. */
final class AimockServer implements AutoCloseable {

    private static final Pattern LISTENING = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final String origin;

    private AimockServer(Process process, String origin) {
        this.process = process;
        this.origin = origin;
    }

    /** Whether Node.js and npm are here. */
    static boolean canRun() {
        try {
            return run(Path.of("."), "node", "--version") && run(Path.of("."), "npm", "--version");
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /**
     * Installs it, as the lock file says, and starts it.
     *
     * @param folder an empty one
     * @param key that it takes; it refuses others
     */
    static AimockServer start(Path folder, String key) throws IOException, InterruptedException {
        for (String name : List.of("package.json", "package-lock.json", "fixtures.json")) {
            try (InputStream in = AimockServer.class.getResourceAsStream("/aimock/" + name)) {
                Files.copy(in, folder.resolve(name));
            }
        }
        if (!run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")) {
            throw new IOException("npm could not install aimock: " + Files.readString(folder.resolve("log.txt")));
        }
        ProcessBuilder server = new ProcessBuilder(
                        "node",
                        "node_modules/@copilotkit/aimock/dist/cli.js",
                        "--port",
                        "0",
                        "--fixtures",
                        "fixtures.json",
                        "--validate-on-load")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        server.environment().put("AIMOCK_API_KEYS", key);
        Process process = server.start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                drain(out);
                return new AimockServer(process, listening.group(1));
            }
        }
        process.destroyForcibly();
        throw new IOException("aimock did not start: " + said);
    }

    /** So that it never waits for somebody to read what it says. */
    private static void drain(BufferedReader out) {
        Thread reader = new Thread(() -> out.lines().forEach(line -> {}), "aimock-output");
        reader.setDaemon(true);
        reader.start();
    }

    private static boolean run(Path folder, String... command) throws IOException, InterruptedException {
        boolean keeps = !folder.equals(Path.of("."));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        Process process = builder.redirectOutput(
                        keeps
                                ? ProcessBuilder.Redirect.to(
                                        folder.resolve("log.txt").toFile())
                                : ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }

    String origin() {
        return origin;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
