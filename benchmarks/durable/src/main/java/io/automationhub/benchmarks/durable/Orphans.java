package io.automationhub.benchmarks.durable;

import static io.automationhub.engine.nodes.Nodes.node;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeFunction;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process is killed with runs in flight, and another one, which lives, takes them: how long until the first and the last
 * of their nodes has begun again.
 */
public final class Orphans {

    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final long MOST_WAIT_MILLIS = 60_000;

    private Orphans() {}

    /** @param args how many runs; 10,000 unless given */
    public static void main(String[] args) throws Exception {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
        try (PostgresServer server = new PostgresServer()) {
            System.out.println("Java " + Runtime.version() + ", " + server.settings());
            measure(server, runs);
        }
    }

    static void measure(PostgresServer server, int runs) throws Exception {
        try (HikariDataSource source = server.database("orphans", 8)) {
            AtomicLong first = new AtomicLong();
            CountDownLatch again = new CountDownLatch(runs);
            try (WorkflowEngine unusedLives = engine(source, runs, call -> {
                first.compareAndSet(0, System.nanoTime());
                again.countDown();
                return 1L;
            })) {
                Process owner = start(source.getJdbcUrl(), runs);
                awaitReady(owner);
                owner.destroyForcibly().waitFor();
                long killed = System.nanoTime();
                again.await();
                double begin = (first.get() - killed) / 1e9;
                double all = (System.nanoTime() - first.get()) / 1e9;
                System.out.printf(
                        "%,d orphans: the first began %.1f s after the kill (lease %d s), then %,.0f each second%n",
                        runs, begin, LEASE.toSeconds(), runs / all);
            }
        }
    }

    private static WorkflowEngine engine(HikariDataSource source, int runs, NodeFunction step) {
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .leaseTime(LEASE)
                .maxExecutions(runs)
                .node("step", step)
                .build();
    }

    private static Process start(String url, int runs) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                url,
                Integer.toString(runs)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static void awaitReady(Process owner) throws IOException {
        if (owner.inputReader().readLine() == null) {
            throw new IllegalStateException("The process that should be killed ended by itself");
        }
    }

    /** The process that is killed: all its runs are inside a node. */
    static final class Owner {

        private Owner() {}

        public static void main(String[] args) throws InterruptedException {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(args[0]);
            config.setMaximumPoolSize(8);
            int runs = Integer.parseInt(args[1]);
            CountDownLatch inside = new CountDownLatch(runs);
            WorkflowEngine engine = engine(new HikariDataSource(config), runs, call -> {
                inside.countDown();
                Thread.sleep(MOST_WAIT_MILLIS);
                return 0L;
            });
            Workflow workflow =
                    Workflow.builder("orphan").start(node("work", "step")).build();
            for (int i = 0; i < runs; i++) {
                engine.start(workflow, i);
            }
            inside.await();
            System.out.println("ready");
            Thread.sleep(MOST_WAIT_MILLIS);
        }
    }
}
