package io.automationhub.benchmarks.memory;

import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.nodes.Nodes;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * W6: from the start of a JVM to its end after one run of three nodes, median of several processes. Without arguments it
 * measures; with {@code plain}, {@code built} or {@code file} it is what is measured.
 */
public final class Startup {

    private static final int REPETITIONS = 11;

    private Startup() {}

    /** Measures, or is measured. */
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            System.out.println(once(args));
            return;
        }
        Path file = Files.createTempFile("startup", ".json");
        Files.writeString(file, WorkflowJson.write(templated()));
        double plain = median("plain");
        report("plain", plain, plain);
        report("built", median("built"), plain);
        report("file", median("file", file.toString()), plain);
        Files.delete(file);
    }

    private static Object once(String[] args) {
        return switch (args[0]) {
            case "plain" -> "3";
            case "built" ->
                run(Workflow.builder("built")
                        .start(Nodes.node("a", "inc"))
                        .then(Nodes.node("b", "inc"))
                        .then(Nodes.node("c", "inc"))
                        .build());
            default -> run(WorkflowJson.read(Path.of(args[1])));
        };
    }

    private static Object run(Workflow workflow) {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("inc", NodeTraits.PURE_INLINE, call -> (Long) call.previous() + 1)
                .build()) {
            return engine.run(workflow, 0L).orElseThrow().output();
        }
    }

    private static Workflow templated() {
        return Workflow.builder("file")
                .start(manualTrigger("start"))
                .then(Nodes.calculate("sum", Map.of("n", "input + 3")))
                .then(format("text", "{{previous.n}}"))
                .build();
    }

    private static double median(String... args) throws IOException, InterruptedException {
        double[] millis = new double[REPETITIONS];
        for (int i = 0; i < millis.length; i++) {
            millis[i] = process(args);
        }
        Arrays.sort(millis);
        return millis[REPETITIONS / 2];
    }

    private static double process(String... args) throws IOException, InterruptedException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(
                List.of(java, "-Xmx1g", "-cp", System.getProperty("java.class.path"), Startup.class.getName()));
        command.addAll(Arrays.asList(args));
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.to(new File(File.separator.equals("/") ? "/dev/null" : "NUL")))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int code = process.waitFor();
        if (code != 0) {
            throw new IllegalStateException("The process " + command + " ended with " + code);
        }
        return (System.nanoTime() - begin) / 1e6;
    }

    private static void report(String name, double millis, double plain) {
        System.out.printf("W6 %-6s %6.0f ms  %.2f x plain%n", name, millis, millis / plain);
    }
}
