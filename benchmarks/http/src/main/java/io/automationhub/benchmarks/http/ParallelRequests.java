package io.automationhub.benchmarks.http;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many runs that wait for a slow server at the same time: how much memory, how much longer than one. */
public final class ParallelRequests {

    private static final long SLOW_MILLIS = 5_000;

    private ParallelRequests() {}

    /** @param args how many; 1000 if none is given */
    public static void main(String[] args) throws IOException {
        int many = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        Process server = server();
        try (BufferedReader printed = server.inputReader(StandardCharsets.UTF_8);
                HttpDoor door = HttpDoor.builder()
                        .addressGuard(AddressGuard.builder()
                                .allowAddress("127.0.0.0/8")
                                .build())
                        .build();
                WorkflowEngine engine = WorkflowEngine.builder()
                        .install(ConnectorsModule.builder().door(door).build())
                        .build()) {
            Workflow workflow = Workflow.builder("fetch")
                    .start(NodeSpec.of("get", "http.request").with("url", printed.readLine()))
                    .build();
            engine.run(workflow, null).orElseThrow();
            String before = resident();
            long begun = System.nanoTime();
            List<ExecutionHandle> runs = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                runs.add(engine.start(workflow, null));
            }
            for (ExecutionHandle run : runs) {
                run.await(Duration.ofMinutes(2)).orElseThrow();
            }
            long millis = (System.nanoTime() - begun) / 1_000_000;
            System.out.println(many + " requests to a server that takes " + SLOW_MILLIS + " ms: " + millis
                    + " ms; resident at most " + resident() + ", with one request " + before);
        } finally {
            server.destroy();
        }
    }

    /** In a process of its own, so that its threads are not counted. */
    private static Process server() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoopbackServer.class.getName(),
                        Long.toString(SLOW_MILLIS))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
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
