package io.automationhub.benchmarks.durable;

import static io.automationhub.engine.nodes.Nodes.node;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.util.Map;
import java.util.stream.IntStream;

/** A fan-out to 50 durable steps that end together, and their join, one run after the other. Prints commits for each run. */
public final class Fans {

    private static final int WIDTH = 50;

    private Fans() {}

    /** @param args how many runs; 500 unless given */
    public static void main(String[] args) throws InterruptedException {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 500;
        try (PostgresServer server = new PostgresServer()) {
            System.out.println("Java " + Runtime.version() + ", " + server.settings());
            measure(server, runs);
        }
    }

    static void measure(PostgresServer server, int runs) throws InterruptedException {
        Workflow fan = Workflow.builder("fan")
                .maxParallelism(WIDTH)
                .start(node("first", "step"))
                .parallel(IntStream.range(0, WIDTH)
                        .mapToObj(branch -> node("b" + branch, "step"))
                        .toArray(NodeSpec[]::new))
                .then(node("join", "sum"))
                .build();
        try (HikariDataSource source = server.database("fans", 8);
                WorkflowEngine engine = WorkflowEngine.builder()
                        .store(JdbcWorkflowStore.create(source))
                        .node("step", call -> 1L)
                        .node("sum", call -> (long) ((Map<?, ?>) call.previous()).size())
                        .build()) {
            run(engine, fan, runs);
            PostgresServer.Counters before = server.counters("fans");
            long began = System.nanoTime();
            run(engine, fan, runs);
            double millis = (System.nanoTime() - began) / 1e6;
            Thread.sleep(1500);
            PostgresServer.Counters spent = server.counters("fans").since(before);
            System.out.printf(
                    "fan-out of %d: %.1f ms, %.1f commits, %,d bytes of WAL for each run%n",
                    WIDTH, millis / runs, (double) spent.commits() / runs, spent.walBytes() / runs);
        }
    }

    private static void run(WorkflowEngine engine, Workflow fan, int runs) {
        for (int i = 0; i < runs; i++) {
            Object branches = engine.run(fan, null).output();
            if (!Long.valueOf(WIDTH).equals(branches)) {
                throw new IllegalStateException("The join saw " + branches + " of " + WIDTH + " branches");
            }
        }
    }
}
