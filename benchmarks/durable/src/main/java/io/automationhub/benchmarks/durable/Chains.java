package io.automationhub.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Chains of ten durable steps with 1, 64 and 1,024 in flight: this engine and its peers on the same server in one run, with
 * the limits of the server before and after each.
 */
public final class Chains {

    private static final int CONNECTIONS = 64;

    private final PostgresServer server;
    private final double seconds;

    /** A contender and how many chains it is given at a time. */
    private record Entry(String database, Function<DataSource, Contender> make, int... inFlight) {}

    private static final List<Entry> ENTRIES = List.of(
            new Entry("ours", OurEngine::new, 1, 64, 1024),
            new Entry("dbos", Dbos::new, 1, 32, 64),
            new Entry("flowable", Flowable::new, 1, 8, 32));

    Chains(PostgresServer server, double seconds) {
        this.server = server;
        this.seconds = seconds;
    }

    /** One measurement. */
    record Row(String name, int inFlight, Load.Result load, PostgresServer.Counters counters, Limits limits) {

        double stepsPerSecond() {
            return load.perSecond() * Contender.STEPS;
        }

        double commitsPerChain() {
            return (double) counters.commits() / load.chains();
        }

        double walPerStep() {
            return (double) counters.walBytes() / load.chains() / Contender.STEPS;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%-22s %5d in flight: %,8.0f chains/s %,9.0f steps/s, median %7.1f ms, p99 %7.1f ms, %5.2f commits and"
                            + " %,6.0f bytes of WAL per step; limits: commit %4.0f µs, %,7.0f rows/s",
                    name,
                    inFlight,
                    load.perSecond(),
                    stepsPerSecond(),
                    load.medianMillis(),
                    load.p99Millis(),
                    commitsPerChain() / Contender.STEPS,
                    walPerStep(),
                    limits.commitMicros(),
                    limits.rowsPerSecond());
        }
    }

    /** @param args seconds of each window (8 unless given), then what to measure, like {@code ours} or {@code ours:64}; all unless given */
    public static void main(String[] args) throws InterruptedException {
        double seconds = args.length > 0 ? Double.parseDouble(args[0]) : 8;
        List<String> only = List.of(args).subList(Math.min(1, args.length), args.length);
        try (PostgresServer server = new PostgresServer()) {
            System.out.println("Java " + Runtime.version() + ", " + server.settings());
            new Chains(server, seconds).measure(only, System.out::println);
        }
    }

    void measure(List<String> only, Consumer<Row> measured) throws InterruptedException {
        for (Entry entry : ENTRIES) {
            if (Arrays.stream(entry.inFlight()).anyMatch(inFlight -> isAsked(only, entry.database(), inFlight))) {
                measure(entry, only, measured);
            }
        }
    }

    private static boolean isAsked(List<String> only, String database, int inFlight) {
        return only.isEmpty() || only.contains(database) || only.contains(database + ":" + inFlight);
    }

    private void measure(Entry entry, List<String> only, Consumer<Row> measured) throws InterruptedException {
        try (HikariDataSource limits = server.database("limits", 2);
                HikariDataSource source = server.database(entry.database(), CONNECTIONS);
                Contender contender = entry.make().apply(source)) {
            for (int inFlight : entry.inFlight()) {
                if (!isAsked(only, entry.database(), inFlight)) {
                    continue;
                }
                server.settle();
                Limits before = Limits.measure(limits, seconds / 4);
                List<PostgresServer.Counters> counters = new ArrayList<>();
                Load.Result load = Load.run(
                        contender,
                        inFlight,
                        seconds * 1.5,
                        seconds,
                        () -> counters.add(server.counters(entry.database())));
                Limits after = Limits.measure(limits, seconds / 4);
                measured.accept(new Row(
                        contender.name(), inFlight, load, counters.get(1).since(counters.get(0)), before.mean(after)));
            }
        }
    }
}
