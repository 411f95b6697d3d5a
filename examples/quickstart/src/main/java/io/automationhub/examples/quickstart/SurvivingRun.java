package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.h2.jdbcx.JdbcDataSource;

/** A run that outlives the process that started it: the next one goes on where it stood, and books nothing twice. */
public final class SurvivingRun {

    private SurvivingRun() {}

    /**
     * Runs the example.
     *
     * @param args the file of the database, which keeps what ran; a temporary one unless given
     */
    public static void main(String[] args) throws IOException {
        Path file = args.length > 0
                ? Path.of(args[0]).toAbsolutePath()
                : Files.createTempDirectory("runs").resolve("runs");
        String id;
        try (WorkflowEngine first = engine(file)) {
            id = first.start(workflow(), Map.of("order", 4711)).id();
        }
        System.out.println("the first process is gone");
        try (WorkflowEngine second = engine(file)) {
            ExecutionHandle run = second.handle(id).orElseThrow();
            second.signal("payment", "4711", "bank-1", Map.of("amount", 30));
            System.out.println(run.await().output());
        }
    }

    private static Workflow workflow() {
        return Workflow.builder("order")
                .start(manualTrigger("order"))
                .then(node("book", "stock.book").with("order", "{{input.order}}"))
                .then(waitForSignal("paid", "payment").with("key", "{{input.order}}"))
                .then(format("thanks", "{{nodes.book.output}}, {{nodes.paid.output.data.amount}} paid"))
                .build();
    }

    private static WorkflowEngine engine(Path file) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:file:" + file);
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(database))
                .node("stock.book", call -> {
                    System.out.println("booking " + call.text("order"));
                    return "order " + call.text("order") + " is booked";
                })
                .build();
    }
}
