package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads all runs and compares what the tables say of them. Changes nothing. Runs go on meanwhile, so what looks wrong is
 * looked at again, and counts only if it stays so.
 */
final class ConsistencyCheck {

    private static final int CHUNK = 100;
    private static final int LOOKS = 3;
    private static final long BETWEEN_LOOKS_MILLIS = 200;

    private final JdbcWorkflowStore store;
    private final Tables tables;

    ConsistencyCheck(JdbcWorkflowStore store) {
        this.store = store;
        tables = store.tables();
    }

    /** What the row of a run says, and the counts of what belongs to it. */
    private record Row(
            long number,
            String tenant,
            String id,
            ExecutionStatus status,
            boolean ended,
            @Nullable Long owner,
            @Nullable Long due,
            int inbox,
            boolean aside,
            boolean hasDefinition,
            long journal,
            int lastPosition,
            int letters,
            int waits) {}

    private static final String ROWS =
            "SELECT r.num, r.tenant, r.id, r.status, r.ended, r.owner, r.due, r.inbox, r.problem,"
                    + " (SELECT COUNT(*) FROM $definition d WHERE d.num = r.definition),"
                    + " (SELECT COUNT(*) FROM $journal j WHERE j.run = r.num),"
                    + " (SELECT MAX(j.pos) FROM $journal j WHERE j.run = r.num),"
                    + " (SELECT COUNT(*) FROM $inbox i WHERE i.run = r.num),"
                    + " (SELECT COUNT(*) FROM $open_wait w WHERE w.run = r.num) FROM $run r";

    /** @return how many runs were looked at */
    long run(Consumer<Finding> found) throws InterruptedException {
        long last = Long.MIN_VALUE;
        long count = 0;
        List<Row> rows;
        do {
            long after = last;
            rows = store.connections().inTransaction("check runs", connection -> after(connection, after));
            Map<Long, List<Finding>> suspects = findings(rows);
            for (int look = 1; look < LOOKS && !suspects.isEmpty(); look++) {
                Thread.sleep(BETWEEN_LOOKS_MILLIS);
                suspects = again(suspects);
            }
            suspects.values().forEach(all -> all.forEach(found));
            count += rows.size();
            last = rows.isEmpty() ? last : rows.get(rows.size() - 1).number();
        } while (rows.size() == CHUNK);
        for (String table : Tables.OF_RUNS) {
            strays(table, found);
        }
        return count;
    }

    private List<Row> after(Connection connection, long number) throws SQLException {
        return rows(connection, " WHERE r.num > ? ORDER BY r.num LIMIT " + CHUNK, number);
    }

    private List<Row> rows(Connection connection, String which, long number) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(ROWS + which))) {
            statement.setLong(1, number);
            try (ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
        }
        return rows;
    }

    private static Row row(ResultSet found) throws SQLException {
        return new Row(
                found.getLong(1),
                found.getString(2),
                found.getString(3),
                Commits.status(found.getInt(4)),
                found.getObject(5) != null,
                number(found, 6),
                number(found, 7),
                found.getInt(8),
                found.getString(9) != null,
                found.getInt(10) > 0,
                found.getLong(11),
                found.getObject(12) == null ? -1 : found.getInt(12),
                found.getInt(13),
                found.getInt(14));
    }

    private static @Nullable Long number(ResultSet found, int column) throws SQLException {
        long value = found.getLong(column);
        return found.wasNull() ? null : (Long) value;
    }

    /** Only what a further look finds, too. */
    private Map<Long, List<Finding>> again(Map<Long, List<Finding>> before) {
        List<Row> rows = new ArrayList<>();
        for (Long number : before.keySet()) {
            rows.addAll(store.connections()
                    .inTransaction("check a run again", connection -> rows(connection, " WHERE r.num = ?", number)));
        }
        Map<Long, List<Finding>> now = findings(rows);
        Map<Long, List<Finding>> both = new HashMap<>();
        now.forEach((number, findings) -> {
            List<Finding> same = new ArrayList<>(findings);
            same.retainAll(before.getOrDefault(number, List.of()));
            if (!same.isEmpty()) {
                both.put(number, same);
            }
        });
        return both;
    }

    private Map<Long, List<Finding>> findings(List<Row> rows) {
        Set<Long> alive = store.connections().inTransaction("read who lives", this::alive);
        Map<Long, Object> journals = store.connections()
                .inTransaction(
                        "read journals",
                        connection -> store.journals()
                                .read(connection, rows.stream().map(Row::number).toList()));
        Map<Long, List<Finding>> all = new HashMap<>();
        for (Row row : rows) {
            Run run = new Run(row);
            run.check(alive, journals.get(row.number()));
            if (!run.findings.isEmpty()) {
                all.put(row.number(), run.findings);
            }
        }
        return all;
    }

    private Set<Long> alive(Connection connection) throws SQLException {
        Set<Long> alive = new HashSet<>();
        try (PreparedStatement statement =
                        connection.prepareStatement(tables.sql("SELECT DISTINCT process FROM $fence"));
                ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                alive.add(found.getLong(1));
            }
        }
        return alive;
    }

    /** What is wrong with one run. */
    private static final class Run {

        private final Row row;
        private final List<Finding> findings = new ArrayList<>();

        Run(Row row) {
            this.row = row;
        }

        private void add(String problem, String fix) {
            findings.add(new Finding(row.tenant(), row.id(), problem, fix));
        }

        void check(Set<Long> alive, @Nullable Object journal) {
            if (!row.hasDefinition()) {
                add("The body of its workflow is not there", "restore the row of the table definition from a backup");
            }
            if (row.journal() != row.lastPosition() + 1L) {
                add(
                        "Its journal has " + row.journal() + " rows, but the last one is number " + row.lastPosition(),
                        "restore the rows from a backup, or delete the run");
            } else if (journal instanceof Journals.Journal read) {
                compare(read);
            } else if (journal instanceof RuntimeException e) {
                add(
                        "Its journal cannot be read: " + e.getMessage(),
                        "restore the rows from a backup, or delete the run");
            }
            if (row.ended()) {
                ended();
            } else {
                unfinished(alive);
            }
        }

        private void compare(Journals.Journal journal) {
            ExecutionFact.RunEnded end = ExecutionFact.RunEnded.of(journal.facts());
            if (row.ended() != (end != null) || end != null && end.status() != row.status()) {
                add(
                        "Its row says " + row.status().text() + ", but its journal "
                                + (end == null
                                        ? "has no end"
                                        : "ends with " + end.status().text()),
                        "restore both from one backup, or delete the run");
            }
        }

        private void ended() {
            if (row.owner() != null || row.due() != null) {
                add("It has ended, but a process may still take it", "set owner and due of its row to NULL");
            }
            if (row.waits() > 0) {
                add("It has ended, but " + row.waits() + " of its nodes still wait", "delete its rows of open_wait");
            }
        }

        private void unfinished(Set<Long> alive) {
            if (row.owner() != null && !alive.contains(row.owner())) {
                add(
                        "It is with the process " + row.owner() + ", which is not known",
                        "set owner to NULL and due to 0 in its row, so that another process takes it");
            }
            if (row.inbox() != row.letters()) {
                add(
                        "Its row counts " + row.inbox() + " messages, but there are " + row.letters(),
                        "set inbox of its row to that number");
            }
            if (row.owner() == null && row.due() == null && row.letters() > 0 && !row.aside()) {
                add("It has messages, but nobody is to take it", "set due of its row to 0");
            }
        }
    }

    /** Rows of runs that are not there. Those of a run that begins come with it, so nothing can be seen too early. */
    private void strays(String table, Consumer<Finding> found) {
        String sql = tables.sql(
                "SELECT COUNT(*) FROM $" + table + " x WHERE NOT EXISTS (SELECT 1 FROM $run r WHERE r.num = x.run)");
        long strays = store.connections().inTransaction("look for rows of no run", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql);
                    ResultSet count = statement.executeQuery()) {
                count.next();
                return count.getLong(1);
            }
        });
        if (strays > 0) {
            found.accept(new Finding(
                    null,
                    null,
                    "The table " + table + " has " + strays + " rows of runs that are not there",
                    "delete them; they only take room"));
        }
    }
}
