package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.createFile;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.transform;
import static io.automationhub.engine.nodes.transform.TransformStep.step;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** A list of orders becomes a report, which is kept as a file; {@code gross} is a function of the host. */
public final class SalesByCountry {

    private static final BigDecimal WITH_TAX = new BigDecimal("1.19");

    private SalesByCountry() {}

    /** Runs the example. */
    public static void main(String[] args) throws IOException {
        Workflow report = Workflow.builder("sales-by-country")
                .start(manualTrigger("start"))
                .then(transform(
                                "sales",
                                step("filter").with("when", "item.status == 'paid'"),
                                step("summarise")
                                        .with("by", "country")
                                        .with("fields", Map.of("net", Map.of("function", "sum", "field", "amount"))),
                                step("set").with("fields", Map.of("gross", "gross(item.net)")),
                                step("sort").with("by", "country"))
                        .with("source", "{{input.orders}}"))
                .then(
                        createFile(
                                "file",
                                "sales.csv",
                                "country;net;gross\n{{previous.map(item.country + ';' + item.net + ';' + item.gross).join('\\n')}}"))
                .build();
        List<Map<String, Object>> orders = List.of(
                Map.of("country", "FR", "amount", 100, "status", "paid"),
                Map.of("country", "DE", "amount", 20.5, "status", "paid"),
                Map.of("country", "DE", "amount", 7, "status", "draft"),
                Map.of("country", "FR", "amount", 50, "status", "paid"));
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .function("gross", call -> call.number(0).multiply(WITH_TAX))
                .build()) {
            Object output =
                    engine.run(report, Map.of("orders", orders)).orElseThrow().output();
            try (InputStream file = engine.openBlob(BinaryRef.of(output).orElseThrow())) {
                System.out.println(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }
}
