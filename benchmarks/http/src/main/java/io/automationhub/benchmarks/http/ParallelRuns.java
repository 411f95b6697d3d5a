package io.automationhub.benchmarks.http;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Many runs that wait for a slow server at the same time: how much memory, how much longer than one. */
final class ParallelRuns {

    private ParallelRuns() {}

    /** The URL of a server in a process of its own, so that its threads are not counted; it ends when this is closed. */
    record Server(Process process, BufferedReader printed, String url) implements AutoCloseable {

        /** @param main prints its URL when it has begun */
        static Server start(Class<?> main, String... args) throws IOException {
            List<String> command = Stream.concat(
                            Stream.of(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    main.getName()),
                            Stream.of(args))
                    .toList();
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader printed = process.inputReader(StandardCharsets.UTF_8);
            return new Server(process, printed, printed.readLine());
        }

        @Override
        public void close() throws IOException {
            printed.close();
            process.destroy();
        }
    }

    /** Runs a workflow once, and then many times at the same time; prints how long that took, and how much memory. */
    static void measure(String what, int many, WorkflowEngine engine, Workflow workflow) throws IOException {
        long one = System.nanoTime();
        engine.run(workflow, null).orElseThrow();
        long begun = System.nanoTime();
        String before = resident();
        List<ExecutionHandle> runs = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            runs.add(engine.start(workflow, null));
        }
        for (ExecutionHandle run : runs) {
            run.await(Duration.ofMinutes(2)).orElseThrow();
        }
        System.out.println(many + " " + what + ": " + millis(begun, System.nanoTime()) + " ms, one by itself "
                + millis(one, begun) + " ms; resident at most " + resident() + ", with one " + before);
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    /** Of the whole process until now; Linux says it. */
    private static String resident() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("VmHWM:\\s+", ""))
                .findFirst()
                .orElse("unknown");
    }
}
