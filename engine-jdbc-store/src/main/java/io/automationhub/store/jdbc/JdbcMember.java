package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.LimitClaim;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Workflow;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process in the database. */
final class JdbcMember implements StoreMember {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcMember.class);

    private static final int WRITERS = 2;

    /** So often a process looks for runs whose time is over. */
    private static final long CLEAN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How long it deletes at a time. */
    private static final long MOST_CLEANING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** Numbers of runs begin with that of the process that started them. */
    private static final int RUN_BITS = 32;

    private static final String NONE_HAS_IT = "ended IS NULL AND owner IS NULL AND problem IS NULL";

    private final JdbcWorkflowStore store;
    private final long process;
    private final LongSupplier now;
    private final AtomicLong runs = new AtomicLong();
    private final List<Writer> writers = new ArrayList<>();
    private final KeyedSignalRows signals;
    private final LimitRows limits;
    private final DeadProcesses dead;

    /** The runs that this process has, by their numbers, and which time it has them. */
    private final Map<Long, Hold> owned = new ConcurrentHashMap<>();

    /** Those of them that processes died with, and that have not come further since. */
    private final Set<Long> crashed = ConcurrentHashMap.newKeySet();

    /** Workflows that this process cannot run. */
    private final Set<Long> foreign = ConcurrentHashMap.newKeySet();

    private volatile long lastBeat = System.nanoTime();
    private volatile boolean fenced;

    /** When old runs were deleted last. */
    private volatile long cleanedAt = System.nanoTime() - CLEAN_NANOS;

    /** Whether runs may have been taken of which this process did not hear. */
    private boolean unsure;

    JdbcMember(JdbcWorkflowStore store, long process, LongSupplier now) {
        this.store = store;
        this.process = process;
        this.now = now;
        signals = new KeyedSignalRows(store.tables(), store.payloads(), now);
        limits = new LimitRows(store.tables(), store.connections(), store.payloads(), now);
        dead = new DeadProcesses(store.tables(), store.dialect());
        for (int writer = 1; writer <= WRITERS; writer++) {
            writers.add(new Writer(this, writer));
        }
    }

    /** How many fence rows a process has. */
    static int fences() {
        return WRITERS + 1;
    }

    @Override
    public long process() {
        return process;
    }

    @Override
    public long nextNumber() {
        return process << RUN_BITS | runs.incrementAndGet();
    }

    // ---------------------------------------------------------------- for the writers

    Connections connections() {
        return store.connections();
    }

    Tables tables() {
        return store.tables();
    }

    BatchStatement batchStatement() {
        return store.batchStatement();
    }

    SafeMetrics metrics() {
        return store.metrics();
    }

    boolean isFenced() {
        return fenced;
    }

    /** Others have found that this process died. */
    void fenced() {
        if (!fenced) {
            fenced = true;
            metrics().fenced(process);
        }
    }

    /** The process said that it lives with something that it sent then. */
    void beatCounts(long sentNanos) {
        lastBeat = Math.max(lastBeat, sentNanos);
    }

    /** These are durable. */
    void became(List<Part> parts) {
        for (Part part : parts) {
            Part.Standing standing = part.standing();
            Part.Fresh fresh = part.fresh();
            boolean gone = standing != null && (standing.release() || standing.ended() != null)
                    || fresh != null && !fresh.owned();
            // It may have been taken again since, which is another hold.
            if (gone && part.hold() != null && owned.remove(part.run(), part.hold())) {
                crashed.remove(part.run());
            } else if (standing != null && standing.progress()) {
                crashed.remove(part.run());
            }
        }
    }

    // ---------------------------------------------------------------- writing

    @Override
    public void commit(List<RunCommit> commits, Outcome outcome) {
        if (fenced) {
            outcome.fenced();
            return;
        }
        try {
            List<Part> parts = new ArrayList<>(commits.size());
            for (RunCommit commit : commits) {
                parts.add(part(commit));
            }
            int writer = (int) (commits.get(0).number() % WRITERS);
            writers.get(writer).add(new Writer.Entry(parts, outcome));
        } catch (RuntimeException e) {
            outcome.refused(e);
        }
    }

    private Part part(RunCommit commit) {
        boolean isCrashed = crashed.contains(commit.number()) && Commits.hasProgress(commit);
        long definition = commit.isFirst() ? store.definitions().number(commit.tenant(), commit.workflow()) : 0;
        if (commit.isFirst()) {
            store.priorities().add(-((ExecutionFact.RunStarted) commit.facts().get(0)).priority());
        }
        if (commit.isFirst() && commit.release() == null) {
            owned.put(commit.number(), new Hold());
        }
        return store.commits().part(commit, definition, isCrashed, owned.get(commit.number()));
    }

    private <T> T fencedTransaction(String attempted, Connections.Work<T> work) {
        long sent = System.nanoTime();
        T result = connections().inTransaction(attempted, connection -> {
            if (!Fence.touch(connection, tables(), store.dialect(), process)) {
                fenced();
                throw new FencedException(process);
            }
            return work.with(connection);
        });
        beatCounts(sent);
        return result;
    }

    @Override
    public boolean send(String tenant, RunCommit.Addressed message) {
        return fencedTransaction(
                "send a message to the execution '" + message.to() + "'",
                connection -> Inbox.post(connection, tables(), store.commits().letter(tenant, message)));
    }

    @Override
    public void putAside(long number, String problem) {
        String sql = tables().sql("UPDATE $run SET problem = ?, owner = NULL, due = NULL WHERE num = ? AND owner = ?");
        boolean unused = fencedTransaction("put a run aside", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, problem);
                statement.setLong(2, number);
                statement.setLong(3, process);
                return statement.executeUpdate() == 1;
            }
        });
        owned.remove(number);
        metrics().putAside(problem);
    }

    // ---------------------------------------------------------------- taking runs

    /** That this process has a run; another one if it has let go of it and taken it again. */
    static final class Hold {}

    /** A run that was taken, before its journal is read. */
    private record Taken(long number, String tenant, String id, long definition, int crashes, long due) {}

    @Override
    public synchronized List<ClaimedRun> claim(int most, Predicate<Workflow> runnable) {
        List<ClaimedRun> claimed = new ArrayList<>();
        if (unsure) {
            claimed.addAll(forgotten(runnable));
        }
        for (int prio : store.priorities().all()) {
            if (claimed.size() < most) {
                claimed.addAll(claim(most - claimed.size(), prio, runnable));
            }
        }
        return claimed;
    }

    private List<ClaimedRun> claim(int most, int prio, Predicate<Workflow> runnable) {
        long at = now.getAsLong();
        String except = foreign.isEmpty()
                ? ""
                : " AND definition NOT IN ("
                        + String.join(
                                ", ", foreign.stream().map(String::valueOf).toList()) + ")";
        String sql = tables().sql(
                        "SELECT num, tenant, id, definition, crashes, due FROM $run WHERE prio = ? AND due <= ?"
                                + except + " ORDER BY due LIMIT ? FOR UPDATE SKIP LOCKED");
        List<Taken> taken = taken("claim runs", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, prio);
                statement.setLong(2, at);
                statement.setInt(3, most);
                return taken(statement);
            }
        });
        if (taken.isEmpty()) {
            return List.of();
        }
        long oldest = taken.stream()
                .mapToLong(Taken::due)
                .filter(due -> due > 0)
                .min()
                .orElse(at);
        metrics().claimed(taken.size(), at - oldest);
        return read(taken, runnable);
    }

    @Override
    public synchronized Optional<ClaimedRun> claim(String tenant, String executionId, Predicate<Workflow> runnable) {
        String sql = tables().sql(
                        "SELECT num, tenant, id, definition, crashes, due FROM $run WHERE tenant = ? AND id = ?"
                                + " AND " + NONE_HAS_IT + " FOR UPDATE SKIP LOCKED");
        List<Taken> taken = taken("claim the execution '" + executionId + "'", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                statement.setString(2, executionId);
                return taken(statement);
            }
        });
        return taken.isEmpty()
                ? Optional.empty()
                : read(taken, runnable).stream().findFirst();
    }

    private static List<Taken> taken(PreparedStatement statement) throws SQLException {
        List<Taken> taken = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                taken.add(new Taken(
                        rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getLong(4),
                        rows.getInt(5),
                        rows.getLong(6)));
            }
        }
        return taken;
    }

    /**
     * Makes the runs that are found this process's own. One thread at a time claims: if the connection is lost, nobody knows
     * whether runs were taken, and the next claim looks for those of which this process does not know.
     */
    private List<Taken> taken(String attempted, Connections.Work<List<Taken>> find) {
        unsure = true;
        AtomicInteger attempts = new AtomicInteger();
        List<Taken> taken = fencedTransaction(attempted, connection -> {
            attempts.incrementAndGet();
            List<Taken> found = find.with(connection);
            String sql = tables().sql("UPDATE $run SET owner = ?, due = NULL WHERE num = ?");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (Taken run : found) {
                    statement.setLong(1, process);
                    statement.setLong(2, run.number());
                    statement.addBatch();
                }
                if (!found.isEmpty()) {
                    int[] unused = statement.executeBatch();
                }
            }
            return found;
        });
        // An attempt that seemed to fail may have been committed.
        unsure = attempts.get() > 1;
        return taken;
    }

    /**
     * Runs that the database says this process has, and of which it does not know. It looks twice: a run that it let go of while it
     * looked is unknown to it as well, but the database does not say so any more.
     */
    private List<ClaimedRun> forgotten(Predicate<Workflow> runnable) {
        List<Taken> unknown = unknown();
        if (!unknown.isEmpty()) {
            Set<Long> before = unknown.stream().map(Taken::number).collect(Collectors.toSet());
            unknown = unknown().stream()
                    .filter(run -> before.contains(run.number()))
                    .toList();
        }
        unsure = false;
        if (!unknown.isEmpty()) {
            LOG.warn("Took {} runs again that were claimed when the connection was lost", unknown.size());
        }
        return read(unknown, runnable);
    }

    private List<Taken> unknown() {
        String sql = tables().sql("SELECT num, tenant, id, definition, crashes, due FROM $run WHERE owner = ?");
        List<Taken> mine = fencedTransaction("look for runs of this process", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, process);
                return taken(statement);
            }
        });
        return mine.stream().filter(run -> !owned.containsKey(run.number())).toList();
    }

    private List<ClaimedRun> read(List<Taken> taken, Predicate<Workflow> runnable) {
        if (taken.isEmpty()) {
            return List.of();
        }
        List<Long> numbers = taken.stream().map(Taken::number).toList();
        List<ClaimedRun> claimed = new ArrayList<>();
        List<Taken> others = new ArrayList<>();
        Map<Long, String> unreadable = new HashMap<>();
        connections().inTransaction("read claimed runs", connection -> {
            claimed.clear();
            others.clear();
            Map<Long, Object> journals = store.journals().read(connection, numbers);
            Map<Long, List<ClaimedRun.Delivered>> inboxes = Inbox.of(connection, tables(), store.payloads(), numbers);
            for (Taken run : taken) {
                try {
                    Workflow workflow = store.definitions().workflow(connection, run.definition());
                    if (!runnable.test(workflow)) {
                        foreign.add(run.definition());
                        others.add(run);
                    } else if (journals.get(run.number()) instanceof Journals.Journal journal) {
                        claimed.add(new ClaimedRun(
                                run.tenant(),
                                run.id(),
                                run.number(),
                                workflow,
                                journal.facts(),
                                journal.positions(),
                                inboxes.getOrDefault(run.number(), List.of()),
                                run.crashes()));
                    } else {
                        unreadable.put(run.number(), String.valueOf(journals.get(run.number())));
                    }
                } catch (IllegalStateException | IllegalArgumentException e) {
                    unreadable.put(run.number(), e.toString());
                }
            }
            return true;
        });
        for (ClaimedRun run : claimed) {
            owned.put(run.number(), new Hold());
            if (run.crashes() > 0) {
                crashed.add(run.number());
            }
        }
        unreadable.forEach((number, problem) -> {
            LOG.error("The run {} cannot be read, and is put aside: {}", number, problem);
            putAside(number, "What is stored of it cannot be read: " + problem);
        });
        if (!others.isEmpty()) {
            handBack(others);
        }
        return claimed;
    }

    private void handBack(Collection<Taken> others) {
        String marks = String.join(", ", Collections.nCopies(others.size(), "?"));
        String sql = tables().sql("UPDATE $run SET owner = NULL, due = 0 WHERE owner = ? AND num IN (" + marks + ")");
        int unused = fencedTransaction("hand back runs with node types that this process lacks", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, process);
                int at = 2;
                for (Taken run : others) {
                    statement.setLong(at++, run.number());
                }
                return statement.executeUpdate();
            }
        });
    }

    @Override
    public List<ClaimedRun.Delivered> messages() {
        return connections()
                .inTransaction(
                        "read messages", connection -> Inbox.of(connection, tables(), store.payloads(), process));
    }

    @Override
    public Time beat() {
        return fencedTransaction("say that the process lives", connection -> {
            String sql = "SELECT " + store.dialect().now() + " FROM $fence WHERE process = ? AND writer = ?";
            try (PreparedStatement statement = connection.prepareStatement(tables().sql(sql))) {
                statement.setLong(1, process);
                statement.setInt(2, Fence.COORDINATOR);
                long before = System.nanoTime();
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    long micros = rows.getLong(1);
                    long half = (System.nanoTime() - before) / 2;
                    return new Time(before + half, micros, half);
                }
            }
        });
    }

    @Override
    public long lastBeatNanos() {
        return lastBeat;
    }

    @Override
    public int reap(Duration ttl, int mostCrashes) {
        int count = dead.handOn(connections(), ttl, mostCrashes, process);
        if (count > 0) {
            metrics().recovered(count);
        }
        settleLines();
        int unusedInVain = fencedTransaction("put signals back that came in vain", signals::putBackInVain);
        if (System.nanoTime() - cleanedAt > CLEAN_NANOS) {
            // What is left is deleted next time, so that the process does not fall silent meanwhile.
            if (store.deletions().expire(now.getAsLong(), MOST_CLEANING_NANOS)) {
                cleanedAt = System.nanoTime();
            }
            int unusedSignals = connections().inTransaction("forget signals", signals::forgetExpired);
        }
        return count;
    }

    // ---------------------------------------------------------------- limits

    @Override
    public Set<Long> limits(Collection<LimitClaim> asked, Collection<LimitClaim> givenBack, Collection<Line> lines) {
        Map<String, Set<String>> places = LimitRows.places(asked, givenBack, lines);
        if (places.isEmpty()) {
            // Who only waits looks often, so it writes nothing unless there is something to grant.
            Set<Long> granted = connections().inTransaction("look at places under limits", connection -> {
                limits.addRatesWithRoom(connection, process, places);
                return limits.granted(connection, process);
            });
            if (places.isEmpty()) {
                return granted;
            }
        }
        limits.prepare(places.keySet());
        return fencedTransaction("ask for places under limits", connection -> {
            limits.ask(connection, process, asked);
            limits.giveBack(connection, givenBack);
            limits.addRatesWithRoom(connection, process, places);
            limits.settle(connection, places);
            return limits.granted(connection, process);
        });
    }

    /** What a process left that died between the end of a run and the beginning of the next one. */
    private void settleLines() {
        Map<String, Set<String>> places = connections().inTransaction("look at lines of runs", limits::waitedAt);
        if (!places.isEmpty()) {
            limits.prepare(places.keySet());
            boolean unused = fencedTransaction("let runs begin that wait", connection -> {
                limits.settle(connection, places);
                return true;
            });
        }
    }

    @Override
    public Set<String> full(LimitClaim claim) {
        return connections().inTransaction("look at limits", connection -> limits.full(connection, claim));
    }

    @Override
    public int ahead(long number) {
        return connections().inTransaction("look at the line of a run", connection -> limits.ahead(connection, number));
    }

    // ---------------------------------------------------------------- signals with a key

    @Override
    public SignalReceipt signal(String tenant, String key, Woken.BySignal signal, Instant until) {
        return fencedTransaction(
                "send the signal '" + signal.name() + "'",
                connection -> signals.send(connection, tenant, key, signal, Micros.of(until)));
    }

    @Override
    public void match(String tenant, String name, String key) {
        boolean unused = fencedTransaction(
                "bring the signal '" + name + "' to who waits for it",
                connection -> signals.match(connection, Commits.place(tenant, name, key)));
    }

    @Override
    public void putBack(String tenant, String key, Woken.BySignal signal) {
        boolean unused = fencedTransaction(
                "put the signal '" + signal.name() + "' back",
                connection -> signals.putBack(connection, tenant, key, signal));
    }

    // ---------------------------------------------------------------- the end

    @Override
    public void close() {
        writers.forEach(Writer::close);
        if (!fenced) {
            try {
                dead.leave(connections(), process);
            } catch (RuntimeException e) {
                LOG.warn("Cannot hand runs back; others take them when this process is found dead", e);
            }
        }
        fenced = true;
    }
}
