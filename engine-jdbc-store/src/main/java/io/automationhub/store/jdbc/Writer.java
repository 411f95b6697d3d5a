package io.automationhub.store.jdbc;

import io.automationhub.engine.store.StoreMember;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes turns durable, in the order in which they come, many runs at a time: what has come while one batch was written is
 * the next batch. So nothing waits for others to come, and the more there is to do, the larger the batches are.
 */
final class Writer {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private static final int MOST_ENTRIES = 1000;
    private static final long IDLE_MILLIS = 50;
    private static final long PAUSE_MILLIS = 20;
    private static final long MOST_PAUSE_MILLIS = 1000;

    private final JdbcMember member;
    private final int number;
    private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();
    private final Thread thread;

    private Connections.@Nullable Lent lent;

    /** How many batches were begun; the number of the one that is being written. */
    private long batches;

    private volatile boolean closed;

    /** Turns that are durable all or none. */
    record Entry(List<Part> parts, StoreMember.Outcome outcome) {}

    /** Wakes the writer when there is nothing to write. */
    private static final Entry WAKE = new Entry(List.of(), new NobodyWaits());

    private static final class NobodyWaits implements StoreMember.Outcome {
        @Override
        public void durable() {}

        @Override
        public void repeated(String firstExecution) {}

        @Override
        public void fenced() {}

        @Override
        public void refused(RuntimeException cause) {}
    }

    Writer(JdbcMember member, int number) {
        this.member = member;
        this.number = number;
        thread = new Thread(this::work, "automation-hub-writer-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /** Does not wait. */
    void add(Entry entry) {
        queue.add(entry);
        if (closed && queue.remove(entry)) {
            entry.outcome().fenced();
        }
    }

    @SuppressWarnings("ReferenceEquality") // One object, which is no turn of any run.
    private void work() {
        try {
            while (!closed || !queue.isEmpty()) {
                Entry first = queue.poll(IDLE_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    giveBack();
                    first = queue.take();
                }
                List<Entry> batch = new ArrayList<>();
                batch.add(first);
                queue.drainTo(batch, MOST_ENTRIES - 1);
                batch.removeIf(entry -> entry == WAKE);
                if (!batch.isEmpty()) {
                    write(batch);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("The writer {} was interrupted; what it has not written is not durable", number);
        } finally {
            closed = true;
            giveBack();
            queue.forEach(entry -> entry.outcome().fenced());
        }
    }

    private void giveBack() {
        if (lent != null) {
            lent.close();
            lent = null;
        }
    }

    private Connection connection() throws SQLException {
        Connections.Lent known = lent;
        if (known == null) {
            known = member.connections().lend(member.batchStatement().commitsItself());
            lent = known;
        }
        return known.connection();
    }

    // ---------------------------------------------------------------- one batch

    /**
     * Writes a batch until it is durable, fenced, or known to be impossible. It may be written already when it is tried again,
     * or even while it is: its number tells.
     */
    private void write(List<Entry> batch) throws InterruptedException {
        long began = System.nanoTime();
        long pause = PAUSE_MILLIS;
        batches++;
        while (true) {
            try {
                Set<Long> known = written(connection(), batch);
                member.metrics().batch(batch.size(), System.nanoTime() - began);
                tell(batch, known);
                return;
            } catch (SQLException e) {
                if (lent != null) {
                    lent.failed(e);
                }
                giveBack();
                if (!Connections.isPassing(e)) {
                    refuse(batch, e);
                    return;
                }
                if (member.isFenced() || closed && pause == MOST_PAUSE_MILLIS) {
                    batch.forEach(entry -> entry.outcome().fenced());
                    return;
                }
                String problem = StoreException.of("make turns durable", e).getMessage();
                LOG.warn("{} runs wait until this goes away: {}", batch.size(), problem);
            }
            Thread.sleep(pause);
            pause = Math.min(pause * 2, MOST_PAUSE_MILLIS);
        }
    }

    /** The numbers of runs that were there; null if the process is fenced. */
    private @Nullable Set<Long> written(Connection connection, List<Entry> batch) throws SQLException {
        List<Part> parts = new ArrayList<>(batch.size());
        batch.forEach(entry -> parts.addAll(entry.parts()));
        long sent = System.nanoTime();
        Set<Long> known = member.batchStatement().write(connection, member.process(), number, batches, parts);
        if (known == null && Fence.hasWritten(connection, member.tables(), member.process(), number, batches)) {
            known = notBegun(connection, parts);
        }
        if (known != null && !member.batchStatement().commitsItself()) {
            connection.commit();
        }
        if (known == null) {
            member.fenced();
        } else {
            member.beatCounts(sent);
        }
        return known;
    }

    /** Those runs of a batch that has been written that did not begin with it. */
    private Set<Long> notBegun(Connection connection, List<Part> parts) throws SQLException {
        Set<Long> numbers = new HashSet<>();
        String sql = member.tables().sql("SELECT 1 FROM $run WHERE num = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Part part : parts) {
                if (part.fresh() != null) {
                    statement.setLong(1, part.run());
                    try (ResultSet rows = statement.executeQuery()) {
                        if (!rows.next()) {
                            numbers.add(part.run());
                        }
                    }
                }
            }
        }
        return numbers;
    }

    private void tell(List<Entry> batch, @Nullable Set<Long> known) {
        Map<Long, String> first = known == null || known.isEmpty() ? Map.of() : firsts(batch, known);
        for (Entry entry : batch) {
            try {
                long run = entry.parts().get(0).run();
                if (known == null) {
                    entry.outcome().fenced();
                } else if (known.contains(run)) {
                    entry.outcome().repeated(first.getOrDefault(run, ""));
                } else {
                    member.became(entry.parts());
                    entry.outcome().durable();
                }
            } catch (RuntimeException e) {
                LOG.error("Whoever waits for a turn to be durable failed to hear of it", e);
            }
        }
    }

    /** The ids of the runs that were there before those that were to begin. */
    private Map<Long, String> firsts(List<Entry> batch, Set<Long> known) {
        Map<Long, String> ids = new HashMap<>();
        for (Entry entry : batch) {
            Part part = entry.parts().get(0);
            if (part.fresh() != null && known.contains(part.run())) {
                ids.put(part.run(), first(part.fresh()));
            }
        }
        return ids;
    }

    private String first(Part.Fresh fresh) {
        if (fresh.startDigest() == null) {
            return fresh.id();
        }
        try {
            String sql = member.tables().sql("SELECT id FROM $run WHERE start_digest = ?");
            try (PreparedStatement statement = connection().prepareStatement(sql)) {
                statement.setString(1, fresh.startDigest());
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? rows.getString(1) : fresh.id();
                }
            }
        } catch (SQLException e) {
            giveBack();
            return fresh.id();
        }
    }

    /** One turn of the batch cannot be written: the others are, one by one. */
    private void refuse(List<Entry> batch, SQLException cause) throws InterruptedException {
        if (batch.size() == 1) {
            batch.get(0).outcome().refused(StoreException.of("store a turn of a run", cause));
            return;
        }
        for (Entry entry : batch) {
            write(List.of(entry));
        }
    }

    /** Writes what has come, and then nothing more. */
    void close() {
        closed = true;
        queue.add(WAKE);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
