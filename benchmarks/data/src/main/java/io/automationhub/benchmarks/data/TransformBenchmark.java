package io.automationhub.benchmarks.data;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.transform;
import static io.automationhub.engine.nodes.transform.TransformStep.step;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** 100,000 rows filtered, grouped and summarised: a run of the engine beside a stream over the same values. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TransformBenchmark {

    private static final List<String> COUNTRIES = List.of("DE", "FR", "IT", "ES", "PL", "GB", "US");

    /** How many rows. */
    @Param("100000")
    public int rows;

    private JsonArray orders;
    private WorkflowEngine engine;
    private Workflow workflow;

    /** Makes the rows, and compares the two results. */
    @Setup
    public void prepare() {
        List<JsonObject> all = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            all.add(JsonObject.of("no", i)
                    .with("status", i % 3 == 0 ? "draft" : "paid")
                    .with("country", COUNTRIES.get(i * 31 % 7))
                    .with("amount", BigDecimal.valueOf(i % 10_000, 2)));
        }
        JsonLimits limits = new JsonLimits(1L << 30, 200);
        orders = (JsonArray) Json.of(all, limits);
        engine = WorkflowEngine.builder().limits(limits).build();
        workflow = Workflow.builder("orders")
                .start(manualTrigger("start"))
                .then(transform(
                        "report",
                        step("filter").with("when", "item.status == 'paid'"),
                        step("summarise")
                                .with("by", "country")
                                .with("fields", Map.of("sales", Map.of("function", "sum", "field", "amount")))))
                .build();
        if (!Json.of(stream()).equals(transformed())) {
            throw new IllegalStateException("The transform gives " + transformed() + ", the stream " + stream());
        }
    }

    /** The baseline: what somebody writes who knows the data. */
    @Benchmark
    public List<Map<String, Object>> stream() {
        Map<String, BigDecimal> sales = orders.stream()
                .map(JsonObject.class::cast)
                .filter(order -> "paid".equals(order.get("status")))
                .collect(Collectors.groupingBy(
                        order -> (String) order.get("country"),
                        LinkedHashMap::new,
                        Collectors.reducing(
                                BigDecimal.ZERO, order -> (BigDecimal) order.get("amount"), BigDecimal::add)));
        return sales.entrySet().stream()
                .map(entry -> Map.<String, Object>of("country", entry.getKey(), "sales", entry.getValue()))
                .toList();
    }

    /** A whole run. */
    @Benchmark
    public Object transformed() {
        return engine.run(workflow, orders).orElseThrow().output();
    }

    /** Ends the engine's threads. */
    @TearDown
    public void close() {
        engine.close();
    }
}
