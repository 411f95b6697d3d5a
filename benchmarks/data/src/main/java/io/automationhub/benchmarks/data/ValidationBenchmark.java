package io.automationhub.benchmarks.data;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowJson;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** W8: a file of 500 nodes, each with a condition, a template, an expression or steps, loaded and validated. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ValidationBenchmark {

    private static final int NODES = 500;

    private String file;
    private WorkflowEngine engine;

    /** Writes the file. */
    @Setup
    public void write() {
        engine = WorkflowEngine.create();
        String nodes =
                IntStream.range(0, NODES).mapToObj(ValidationBenchmark::node).collect(Collectors.joining(",\n"));
        String edges =
                IntStream.range(1, NODES).mapToObj(ValidationBenchmark::edge).collect(Collectors.joining(",\n"));
        file =
                "{\"format\": 1, \"id\": \"large\", \"variables\": {\"limit\": {\"type\": \"number\", \"default\": 5}},\n"
                        + "\"input\": {\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"},"
                        + " \"total\": {\"type\": \"number\"}, \"lines\": {\"type\": \"array\"}}},\n\"nodes\": ["
                        + nodes
                        + "],\n\"edges\": [" + edges + "]}";
        List<Problem> problems = loadAndValidate();
        if (!problems.isEmpty()) {
            throw new IllegalStateException("The file has problems: " + problems);
        }
    }

    private static String node(int i) {
        String type = i == 0
                ? "trigger.manual"
                : List.of("action.calculate", "condition", "action.format", "transform")
                        .get(i % 4);
        String config = switch (type) {
            case "action.calculate" ->
                "{\"values\": {\"gross\": \"input.total * 1.19 + " + i + "\","
                        + " \"name\": \"input.name.trim().upper()\"}}";
            case "condition" -> "{\"when\": \"input.total > limit && input.name != 'x" + i + "'\"}";
            case "action.format" ->
                "{\"template\": {\"to\": \"{{input.name}}\", \"text\": \"Order " + i
                        + " of {{input.total}} for {{input.name ?? 'nobody'}}\"}}";
            case "transform" ->
                "{\"source\": \"{{input.lines}}\", \"steps\": [{\"op\": \"filter\", \"when\":" + " \"item.price > " + i
                        + "\"}, {\"op\": \"sort\", \"by\": \"price\"}]}";
            default -> "{}";
        };
        return "{\"id\": \"n%d\", \"type\": \"%s\", \"position\": {\"x\": %d, \"y\": 0}, \"data\": {\"label\": \"Node %d\", \"config\": %s}}"
                .formatted(i, type, i * 200, i, config);
    }

    private static String edge(int i) {
        boolean condition = i > 1 && (i - 1) % 4 == 1;
        return "{\"id\": \"e%d\", \"source\": \"n%d\", \"target\": \"n%d\"%s}"
                .formatted(i, i - 1, i, condition || i == 2 ? ", \"sourceHandle\": \"true\"" : "");
    }

    /** The baseline: the file's JSON is read. */
    @Benchmark
    public Object readJson() {
        return Json.parseDocument(file, JsonLimits.DEFAULT);
    }

    /** The file is loaded and everything in it validated. */
    @Benchmark
    public List<Problem> loadAndValidate() {
        return engine.validate(WorkflowJson.parse(file));
    }

    /** Ends the engine's threads. */
    @TearDown
    public void close() {
        engine.close();
    }
}
