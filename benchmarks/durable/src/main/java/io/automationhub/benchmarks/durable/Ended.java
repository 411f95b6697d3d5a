package io.automationhub.benchmarks.durable;

import static io.automationhub.engine.nodes.Nodes.delay;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What ended runs in the tables do to those that go on: how long a claim and the look at one run take with many of them,
 * beside a database with a few, measured in turn.
 */
public final class Ended {

    private static final int FEW = 1000;
    private static final int ROUNDS = 5;
    private static final int AT_ONCE = 10;
    private static final int ASKED = 1000;

    private Ended() {}

    /** @param args how many runs have ended; 1,000,000 unless given */
    public static void main(String[] args) throws SQLException {
        int runs = args.length > 0 ? Integer.parseInt(args[0]) : 1_000_000;
        try (PostgresServer server = new PostgresServer()) {
            System.out.println("Java " + Runtime.version() + ", " + server.settings());
            measure(server, runs, 100);
        }
    }

    /** @param claims how many claims each round makes */
    static void measure(PostgresServer server, int runs, int claims) throws SQLException {
        try (Tables few = new Tables(server.database("few_ended", 4), FEW);
                Tables many = new Tables(server.database("many_ended", 4), runs)) {
            List<Double> claimRatios = new ArrayList<>();
            List<Double> lookRatios = new ArrayList<>();
            for (int round = 0; round <= ROUNDS; round++) {
                double fewClaim = few.claimMicros(claims);
                double manyClaim = many.claimMicros(claims);
                double fewLook = few.lookMicros();
                double manyLook = many.lookMicros();
                // The first round warms up.
                if (round > 0) {
                    claimRatios.add(manyClaim / fewClaim);
                    lookRatios.add(manyLook / fewLook);
                    System.out.printf(
                            "claim of %d runs: %,.0f µs beside %,d ended runs, %,.0f µs beside %,d;"
                                    + " look at one: %,.0f µs, %,.0f µs%n",
                            AT_ONCE, fewClaim, FEW, manyClaim, runs, fewLook, manyLook);
                }
            }
            System.out.printf(
                    "with %,d ended runs a claim takes %.2f × as long, a look at one %.2f ×%n",
                    runs, median(claimRatios), median(lookRatios));
        }
    }

    private static double median(List<Double> values) {
        List<Double> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2);
    }

    /** A database with runs that have ended, all copies of one. */
    private static final class Tables implements AutoCloseable {

        private final HikariDataSource source;
        private final JdbcWorkflowStore store;
        private final StoreMember member;
        private final Random random = new Random(1);
        private final int runs;
        private final String waiting;
        private int waits;

        Tables(HikariDataSource source, int runs) throws SQLException {
            this.source = source;
            this.runs = runs;
            store = JdbcWorkflowStore.create(source);
            try (WorkflowEngine engine = WorkflowEngine.builder().store(store).build()) {
                String ended = engine.run(waits(Duration.ofMillis(1)), Map.of()).id();
                waiting = engine.start(waits(Duration.ofHours(1)), Map.of()).id();
                copy(ended, "ended", 1, runs, "NULL");
            }
            execute("VACUUM ANALYZE");
            member = store.join("claims", () -> Micros.of(Instant.now()));
        }

        private static Workflow waits(Duration duration) {
            return Workflow.builder("waits-" + duration)
                    .start(manualTrigger("start"))
                    .then(delay("wait", duration))
                    .build();
        }

        /** Copies a run with its journal, from a number on. */
        private void copy(String id, String name, int from, int count, String due) throws SQLException {
            int to = from + count - 1;
            String base = name.equals("ended") ? "1000000000000" : "2000000000000";
            execute(
                    "INSERT INTO ahe_run (num, tenant, id, workflow, definition, status, prio, due, inbox, crashes, started,"
                            + " ended) SELECT " + base + " + i, tenant, '" + name
                            + "-' || i, workflow, definition, status, prio, "
                            + due + ", 0, 0, started - i * 1000, ended FROM ahe_run, generate_series(" + from + ", "
                            + to
                            + ") i WHERE id = '" + id + "'");
            execute("INSERT INTO ahe_journal (run, pos, body) SELECT " + base + " + i, pos, body FROM ahe_journal j,"
                    + " generate_series(" + from + ", " + to + ") i WHERE j.run = (SELECT num FROM ahe_run WHERE id = '"
                    + id + "')");
        }

        private void execute(String sql) throws SQLException {
            try (Connection connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        /** The median of claims of due runs, with their journals read. */
        double claimMicros(int claims) throws SQLException {
            copy(waiting, "waiting", waits + 1, claims * AT_ONCE, "0");
            waits += claims * AT_ONCE;
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < claims; i++) {
                long began = System.nanoTime();
                int claimed = member.claim(AT_ONCE, workflow -> true).size();
                times.add((System.nanoTime() - began) / 1e3);
                if (claimed != AT_ONCE) {
                    throw new IllegalStateException("Claimed " + claimed);
                }
            }
            return median(times);
        }

        /** The median of looks at an ended run: where it stands, and its record. */
        double lookMicros() throws SQLException {
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < ASKED; i++) {
                String id = "ended-" + (1 + random.nextInt(runs));
                long began = System.nanoTime();
                if (store.find("default", id).isEmpty()) {
                    throw new IllegalStateException(id);
                }
                times.add((System.nanoTime() - began) / 1e3);
            }
            return median(times);
        }

        @Override
        public void close() {
            member.close();
            source.close();
        }
    }
}
