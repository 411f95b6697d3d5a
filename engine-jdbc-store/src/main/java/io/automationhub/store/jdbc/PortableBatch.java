package io.automationhub.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes a batch with statements that every database knows, in one transaction, which the caller commits. */
final class PortableBatch implements BatchStatement {

    private final Tables tables;
    private final Dialect dialect;

    PortableBatch(Tables tables, Dialect dialect) {
        this.tables = tables;
        this.dialect = dialect;
    }

    @Override
    public boolean commitsItself() {
        return false;
    }

    @Override
    public @Nullable Set<Long> write(Connection connection, long process, int writer, long batch, List<Part> parts)
            throws SQLException {
        if (!Fence.begin(connection, tables, dialect, process, writer, batch)) {
            connection.rollback();
            return null;
        }
        Set<Long> known = begin(connection, process, parts);
        List<Part> counting =
                parts.stream().filter(part -> !known.contains(part.run())).toList();
        large(connection, counting);
        journal(connection, counting);
        Map<Long, Integer> heard = heard(connection, counting);
        standing(connection, process, counting, heard);
        lines(connection, counting);
        tags(connection, counting);
        waits(connection, counting);
        letters(connection, counting);
        return known;
    }

    /** Writes the beginning of a run that nobody has yet. False if it is there, or one with the same key is. */
    boolean begin(Connection connection, Part part) throws SQLException {
        Part.Fresh fresh = part.fresh();
        if (fresh == null || !insert(connection, 0, part.run(), fresh)) {
            return false;
        }
        large(connection, List.of(part));
        journal(connection, List.of(part));
        lines(connection, List.of(part));
        tags(connection, List.of(part));
        return true;
    }

    /** One by one, because each may be there already, and only that one is then left out. */
    private Set<Long> begin(Connection connection, long process, List<Part> parts) throws SQLException {
        Set<Long> known = new HashSet<>();
        for (Part part : parts) {
            Part.Fresh fresh = part.fresh();
            if (fresh != null && !insert(connection, process, part.run(), fresh)) {
                known.add(part.run());
            }
        }
        return known;
    }

    private boolean insert(Connection connection, long process, long run, Part.Fresh fresh) throws SQLException {
        String sql = "INSERT INTO $run (num, tenant, id, workflow, definition, start_digest, status, prio, due, owner,"
                + " inbox, crashes, started, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            statement.setLong(1, run);
            statement.setString(2, fresh.tenant());
            statement.setString(3, fresh.id());
            statement.setString(4, fresh.workflow());
            statement.setLong(5, fresh.definition());
            statement.setString(6, fresh.startDigest());
            statement.setInt(7, fresh.status());
            statement.setInt(8, fresh.prio());
            set(statement, 9, fresh.due());
            set(statement, 10, fresh.owned() ? (Long) process : null);
            statement.setLong(11, fresh.started());
            set(statement, 12, fresh.ended());
            statement.executeUpdate();
            return true;
        } catch (SQLException e) {
            if (Connections.isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    private void large(Connection connection, List<Part> parts) throws SQLException {
        for (Part part : parts) {
            for (Part.LargeRow row : part.large()) {
                insertUnlessThere(
                        connection,
                        "INSERT INTO $large_value (run, digest, body) VALUES (?, ?, ?)",
                        part.run(),
                        row.digest(),
                        row.body());
            }
        }
    }

    /** Leaves a row as it is that is there; these databases go on with a transaction after a statement that failed. */
    private void insertUnlessThere(Connection connection, String sql, @Nullable Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            if (!Connections.isDuplicate(e)) {
                throw e;
            }
        }
    }

    private void journal(Connection connection, List<Part> parts) throws SQLException {
        try (Batch batch =
                new Batch(connection, tables.sql("INSERT INTO $journal (run, pos, body) VALUES (?, ?, ?)"))) {
            for (Part part : parts) {
                if (part.body() != null) {
                    batch.add(part.run(), part.pos(), part.body());
                }
            }
        }
    }

    /** How many messages of each run are heard, and were not before. */
    private Map<Long, Integer> heard(Connection connection, List<Part> parts) throws SQLException {
        Map<Long, Integer> counts = new HashMap<>();
        for (Part part : parts) {
            for (String digest : part.heard()) {
                String sql = tables.sql("DELETE FROM $inbox WHERE run = ? AND digest = ?");
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setLong(1, part.run());
                    statement.setString(2, digest);
                    counts.merge(part.run(), statement.executeUpdate(), Integer::sum);
                }
            }
        }
        return counts;
    }

    /** In the order of their numbers, so that two batches cannot wait for each other. */
    private void standing(Connection connection, long process, List<Part> parts, Map<Long, Integer> heard)
            throws SQLException {
        String sql = "UPDATE $run SET status = COALESCE(?, status), ended = COALESCE(?, ended),"
                + " crashes = CASE WHEN ? = 1 THEN 0 ELSE crashes END,"
                + " due = CASE WHEN ? = 0 THEN NULL WHEN inbox > ? THEN 0 ELSE " + dialect.bigint() + " END,"
                + " owner = CASE WHEN ? = 1 THEN NULL ELSE owner END,"
                + " inbox = inbox - ?"
                + " WHERE num = ? AND owner = ?";
        List<Part> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparingLong(Part::run));
        try (Batch batch = new Batch(connection, tables.sql(sql))) {
            for (Part part : sorted) {
                Part.Standing standing = part.standing();
                int count = heard.getOrDefault(part.run(), 0);
                if (part.fresh() == null && (standing != null || count > 0)) {
                    boolean release = standing != null && standing.release();
                    boolean lets = release || standing != null && standing.ended() != null;
                    batch.add(
                            standing == null ? null : standing.status(),
                            standing == null ? null : standing.ended(),
                            standing != null && standing.progress() ? 1 : 0,
                            release ? 1 : 0,
                            count,
                            standing == null ? null : standing.due(),
                            lets ? 1 : 0,
                            count,
                            part.run(),
                            process);
                }
            }
        }
    }

    private void lines(Connection connection, List<Part> parts) throws SQLException {
        try (Batch enter = new Batch(connection, tables.sql(LimitRows.ENTER));
                Batch leave = new Batch(connection, tables.sql(LimitRows.LEAVE))) {
            for (Part part : parts) {
                Part.Fresh fresh = part.fresh();
                if (fresh != null && fresh.line() != null) {
                    enter.add(
                            part.run(),
                            fresh.line().place(),
                            fresh.tenant(),
                            fresh.prio(),
                            fresh.started(),
                            fresh.line().most());
                }
                if (part.standing() != null && part.standing().leavesLine()) {
                    leave.add(part.run());
                }
            }
        }
    }

    private void tags(Connection connection, List<Part> parts) throws SQLException {
        String sql = tables.sql("INSERT INTO $run_tag (tenant, tag, started, run) VALUES (?, ?, ?, ?)");
        try (Batch batch = new Batch(connection, sql)) {
            for (Part part : parts) {
                Part.Fresh fresh = part.fresh();
                if (fresh != null) {
                    for (String tag : fresh.tags()) {
                        batch.add(fresh.tenant(), tag, fresh.started(), part.run());
                    }
                }
            }
        }
    }

    private void waits(Connection connection, List<Part> parts) throws SQLException {
        try (Batch batch = new Batch(connection, tables.sql("DELETE FROM $open_wait WHERE run = ? AND digest = ?"))) {
            for (Part part : parts) {
                for (String digest : part.closed()) {
                    batch.add(part.run(), digest);
                }
            }
        }
        for (Part part : parts) {
            for (Part.OpenedWait wait : part.opened()) {
                insertUnlessThere(
                        connection,
                        "INSERT INTO $open_wait (run, digest, place, tenant, since, request, body)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                        part.run(),
                        wait.digest(),
                        wait.place(),
                        wait.tenant(),
                        wait.since(),
                        wait.request() ? 1 : 0,
                        wait.body());
            }
        }
    }

    private void letters(Connection connection, List<Part> parts) throws SQLException {
        Map<Long, Integer> bumps = new TreeMap<>();
        for (Part part : parts) {
            for (Part.Letter letter : part.letters()) {
                Long run = post(connection, letter);
                if (run != null) {
                    bumps.merge(run, 1, Integer::sum);
                }
            }
        }
        try (Batch batch = new Batch(connection, tables.sql(BUMP))) {
            for (Map.Entry<Long, Integer> bump : bumps.entrySet()) {
                batch.add(bump.getValue(), bump.getKey());
            }
        }
    }

    /** There is a message more; a run that nobody has is due at once. */
    static final String BUMP = "UPDATE $run SET inbox = inbox + ?,"
            + " due = CASE WHEN owner IS NULL AND ended IS NULL AND problem IS NULL THEN 0 ELSE due END WHERE num = ?";

    /** The number of the run that the message is for; null if it has ended or is unknown, or the message came before. */
    private @Nullable Long post(Connection connection, Part.Letter letter) throws SQLException {
        Long run = target(connection, letter);
        if (run == null) {
            return null;
        }
        String sql = tables.sql("INSERT INTO $inbox (run, digest, id, body) VALUES (?, ?, ?, ?)");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, run);
            statement.setString(2, letter.digest());
            statement.setString(3, letter.id());
            statement.setString(4, letter.body());
            statement.executeUpdate();
            return run;
        } catch (SQLException e) {
            if (Connections.isDuplicate(e)) {
                return null;
            }
            throw e;
        }
    }

    private @Nullable Long target(Connection connection, Part.Letter letter) throws SQLException {
        String sql = tables.sql("SELECT num FROM $run WHERE tenant = ? AND id = ? AND ended IS NULL");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, letter.tenant());
            statement.setString(2, letter.to());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? (Long) rows.getLong(1) : null;
            }
        }
    }

    static void set(PreparedStatement statement, int at, @Nullable Long value) throws SQLException {
        if (value == null) {
            statement.setNull(at, Types.BIGINT);
        } else {
            statement.setLong(at, value);
        }
    }

    /** Rows that go with one statement. */
    private static final class Batch implements AutoCloseable {

        private final Connection connection;
        private final String sql;
        private @Nullable PreparedStatement statement;

        Batch(Connection connection, String sql) {
            this.connection = connection;
            this.sql = sql;
        }

        void add(@Nullable Object... values) throws SQLException {
            if (statement == null) {
                statement = connection.prepareStatement(sql);
            }
            for (int i = 0; i < values.length; i++) {
                Object value = values[i];
                if (value == null) {
                    statement.setObject(i + 1, null);
                } else {
                    statement.setObject(i + 1, value);
                }
            }
            statement.addBatch();
        }

        @Override
        public void close() throws SQLException {
            if (statement != null) {
                try (PreparedStatement filled = statement) {
                    int[] unused = filled.executeBatch();
                }
            }
        }
    }
}
