package io.automationhub.store.jdbc;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;

/**
 * The priorities that runs have, so that those of the highest one are claimed first, each with an index that delivers them in
 * their order. There are few. Safe for use by several threads.
 */
final class Priorities {

    private static final long REREAD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Tables tables;
    private final Connections connections;
    private final NavigableSet<Integer> known = new ConcurrentSkipListSet<>();
    private volatile long readAt = System.nanoTime() - REREAD_NANOS;

    Priorities(Tables tables, Connections connections) {
        this.tables = tables;
        this.connections = connections;
    }

    /** Notes a priority; the smaller number goes first. */
    void add(int prio) {
        if (!known.contains(prio)) {
            boolean unused = connections.insertUnlessThere(
                    "note a priority", tables.sql("INSERT INTO $priority (prio) VALUES (?)"), prio);
            known.add(prio);
        }
    }

    /** All priorities, the first to go first; others may have noted one a second ago. */
    NavigableSet<Integer> all() {
        if (known.isEmpty() || System.nanoTime() - readAt >= REREAD_NANOS) {
            boolean unused = connections.inTransaction("read the priorities", connection -> {
                try (PreparedStatement statement =
                                connection.prepareStatement(tables.sql("SELECT prio FROM $priority"));
                        ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        known.add(rows.getInt(1));
                    }
                }
                return true;
            });
            readAt = System.nanoTime();
        }
        return known;
    }
}
