package io.automationhub.store.jdbc;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes a batch to PostgreSQL as one statement, which is its own transaction: one round trip and one flush, however many
 * turns there are. Each kind of rows is a part of the statement that stands there only if there are such rows, and takes
 * them as arrays. All parts see the database as it was before the statement, but for rows that somebody else changed
 * meanwhile, whose newest version they change (READ COMMITTED).
 */
final class PostgresBatch implements BatchStatement {

    private final Tables tables;
    private final Dialect dialect = Dialect.POSTGRESQL;

    private final AtomicLong batches = new AtomicLong();

    PostgresBatch(Tables tables) {
        this.tables = tables;
    }

    @Override
    public boolean commitsItself() {
        return true;
    }

    @Override
    public @Nullable Set<Long> write(Connection connection, long process, int writer, long batch, List<Part> parts)
            throws SQLException {
        Statement statement = new Statement(process, writer, batch);
        statement.begin(parts);
        statement.large(parts);
        statement.journal(parts);
        boolean letters = statement.letters(parts);
        boolean heard = statement.heard(parts);
        statement.standing(parts, letters, heard);
        statement.lines(parts);
        statement.tags(parts);
        statement.waits(parts);
        return statement.run(connection);
    }

    /** One column of rows that go as an array. The driver sends arrays of these classes in binary, others as text. */
    private static final class Column {
        private final String type;
        private final List<@Nullable Object> values = new ArrayList<>();

        Column(String type) {
            this.type = type;
        }

        Object[] array() {
            return switch (type) {
                case "bigint" -> values.toArray(new Long[0]);
                case "integer" -> values.toArray(new Integer[0]);
                default -> values.toArray(new String[0]);
            };
        }
    }

    /** The statement in the making. */
    private final class Statement {

        private final StringBuilder sql = new StringBuilder();
        private final List<Object> parameters = new ArrayList<>();
        private final Set<Long> beginning = new HashSet<>();
        private final long process;

        Statement(long process, int writer, long batch) {
            this.process = process;
            sql.append("WITH fence AS (UPDATE $fence SET beat = ")
                    .append(dialect.now())
                    .append(", batch = ?")
                    .append(Fence.MAY_WRITE)
                    .append(" RETURNING 1)");
            parameters.addAll(List.of(batch, process, (long) writer, batch));
        }

        /**
         * A part that takes its rows as arrays. The planner cannot see through the sub-selects how long they are: if it could,
         * it would find each batch cheaper than a batch as such, and plan each anew, which takes almost as long as writing it.
         */
        private void part(String name, String text, Column... columns) {
            String arrays = Arrays.stream(columns)
                    .map(column -> "(SELECT CAST(? AS " + column.type + "[]))")
                    .collect(Collectors.joining(", ", "unnest(", ")"));
            sql.append(", ")
                    .append(name)
                    .append(" AS (")
                    .append(text.replace("@", arrays))
                    .append(')');
            parameters.addAll(List.of(columns));
            if (text.contains("<> ALL(?)")) {
                Column numbers = new Column("bigint");
                numbers.values.addAll(beginning);
                parameters.add(numbers);
            }
        }

        void begin(List<Part> parts) {
            Column[] columns = columns(
                    "bigint", "text", "text", "text", "bigint", "text", "integer", "integer", "bigint", "bigint",
                    "bigint", "bigint");
            for (Part part : parts) {
                Part.Fresh fresh = part.fresh();
                if (fresh != null) {
                    beginning.add(part.run());
                    add(
                            columns,
                            part.run(),
                            fresh.tenant(),
                            fresh.id(),
                            fresh.workflow(),
                            fresh.definition(),
                            fresh.startDigest(),
                            fresh.status(),
                            fresh.prio(),
                            fresh.due(),
                            fresh.owned() ? (Long) process : null,
                            fresh.started(),
                            fresh.ended());
                }
            }
            if (!beginning.isEmpty()) {
                part(
                        "fresh",
                        "INSERT INTO $run (num, tenant, id, workflow, definition, start_digest, status, prio, due,"
                                + " owner, started, ended, inbox, crashes) SELECT u.*, 0, 0 FROM @ u, fence"
                                + " ON CONFLICT DO NOTHING RETURNING num",
                        columns);
            }
        }

        void large(List<Part> parts) {
            Column[] columns = columns("bigint", "text", "text");
            for (Part part : parts) {
                part.large().forEach(row -> add(columns, part.run(), row.digest(), row.body()));
            }
            if (!columns[0].values.isEmpty()) {
                part(
                        "large",
                        "INSERT INTO $large_value (run, digest, body) SELECT u.* FROM @ u(run, digest, body) CROSS JOIN fence"
                                + fresh("u.run") + " ON CONFLICT DO NOTHING",
                        columns);
            }
        }

        /** Runs that go on are by far the most, so their rows are not compared with those that begin. */
        void journal(List<Part> parts) {
            Column[] goingOn = columns("bigint", "integer", "text");
            Column[] beginning = columns("bigint", "integer", "text");
            for (Part part : parts) {
                if (part.body() != null) {
                    add(part.fresh() == null ? goingOn : beginning, part.run(), part.pos(), part.body());
                }
            }
            journal("journal", " CROSS JOIN fence", goingOn);
            journal("first_rows", " JOIN fresh f ON f.num = u.run", beginning);
        }

        private void journal(String name, String join, Column[] columns) {
            if (!columns[0].values.isEmpty()) {
                part(name, "INSERT INTO $journal (run, pos, body) SELECT u.* FROM @ u(run, pos, body)" + join, columns);
            }
        }

        /** Only runs that go on, and those of this batch that did begin. */
        private String fresh(String run) {
            if (beginning.isEmpty()) {
                return "";
            }
            return " LEFT JOIN fresh f ON f.num = " + run + " WHERE f.num IS NOT NULL OR " + run + " <> ALL(?)";
        }

        boolean letters(List<Part> parts) {
            Column[] columns = columns("text", "text", "text", "text", "text");
            for (Part part : parts) {
                part.letters()
                        .forEach(each -> add(columns, each.tenant(), each.to(), each.digest(), each.id(), each.body()));
            }
            if (columns[0].values.isEmpty()) {
                return false;
            }
            part(
                    "letter",
                    "INSERT INTO $inbox (run, digest, id, body) SELECT r.num, u.digest, u.id, u.body"
                            + " FROM @ u(tenant, target, digest, id, body)"
                            + " JOIN $run r ON r.tenant = u.tenant AND r.id = u.target AND r.ended IS NULL, fence"
                            + " ON CONFLICT DO NOTHING RETURNING run",
                    columns);
            return true;
        }

        boolean heard(List<Part> parts) {
            Column[] columns = columns("bigint", "text");
            for (Part part : parts) {
                part.heard().forEach(digest -> add(columns, part.run(), digest));
            }
            if (columns[0].values.isEmpty()) {
                return false;
            }
            part(
                    "heard",
                    "DELETE FROM $inbox i USING @ u(run, digest), fence WHERE i.run = u.run AND i.digest = u.digest"
                            + " RETURNING i.run",
                    columns);
            return true;
        }

        /**
         * One update for each row, because a statement cannot change a row twice: how runs of this batch stand, and that
         * there are messages for others. Whose a run is, is compared so that the index on owners is of no use: the rows are
         * found by their numbers, however many a process has.
         */
        void standing(List<Part> parts, boolean letters, boolean heard) {
            Column[] columns = columns("bigint", "integer", "integer", "bigint", "bigint", "integer");
            Column own = new Column("bigint");
            for (Part part : parts) {
                Part.Standing standing = part.standing();
                if (part.fresh() == null && (standing != null || !part.heard().isEmpty())) {
                    own.values.add(part.run());
                    add(
                            columns,
                            part.run(),
                            standing == null ? null : standing.status(),
                            standing != null && standing.release() ? 1 : 0,
                            standing == null ? null : standing.due(),
                            standing == null ? null : standing.ended(),
                            standing != null && standing.progress() ? 1 : 0);
                }
            }
            if (!own.values.isEmpty()) {
                String more = letters ? " + (SELECT count(*) FROM letter l WHERE l.run = r.num)" : "";
                String less = heard ? " - (SELECT count(*) FROM heard h WHERE h.run = r.num)" : "";
                String inbox = "r.inbox" + more + less;
                part(
                        "standing",
                        "UPDATE $run r SET status = COALESCE(u.status, r.status), ended = COALESCE(u.ended, r.ended),"
                                + " crashes = CASE WHEN u.progress = 1 THEN 0 ELSE r.crashes END,"
                                + " inbox = " + inbox + ","
                                + " due = CASE WHEN u.release = 0 THEN NULL WHEN " + inbox
                                + " > 0 THEN 0 ELSE u.due END,"
                                + " owner = CASE WHEN u.release = 1 OR u.ended IS NOT NULL THEN NULL ELSE r.owner END"
                                + " FROM @ u(num, status, release, due, ended, progress), fence"
                                + " WHERE r.num = u.num AND r.owner IS NOT DISTINCT FROM " + process,
                        columns);
            }
            if (letters) {
                String others = own.values.isEmpty() ? "" : " AND r.num <> ALL(?)";
                sql.append(", bump AS (UPDATE $run r SET inbox = r.inbox + b.more, due = CASE WHEN r.owner IS NULL AND"
                        + " r.ended IS NULL AND r.problem IS NULL THEN 0 ELSE r.due END FROM (SELECT run, count(*) AS"
                        + " more FROM letter GROUP BY run) b WHERE r.num = b.run" + others + ")");
                if (!own.values.isEmpty()) {
                    parameters.add(own);
                }
            }
        }

        void lines(List<Part> parts) {
            Column[] entering = columns("bigint", "text", "text", "integer", "bigint", "integer");
            Column[] leaving = columns("bigint");
            for (Part part : parts) {
                Part.Fresh fresh = part.fresh();
                if (fresh != null && fresh.line() != null) {
                    add(
                            entering,
                            part.run(),
                            fresh.line().place(),
                            fresh.tenant(),
                            fresh.prio(),
                            fresh.started(),
                            fresh.line().most());
                }
                if (part.standing() != null && part.standing().leavesLine()) {
                    add(leaving, part.run());
                }
            }
            if (!entering[0].values.isEmpty()) {
                part(
                        "entered",
                        "INSERT INTO $limit_claim (claimant, place, tenant, prio, since, most, granted) SELECT u.*, 0"
                                + " FROM @ u(claimant, place, tenant, prio, since, most) CROSS JOIN fence"
                                + fresh("u.claimant"),
                        entering);
            }
            if (!leaving[0].values.isEmpty()) {
                part("left_line", "DELETE FROM $limit_claim c USING @ u(run), fence WHERE c.claimant = u.run", leaving);
            }
        }

        void tags(List<Part> parts) {
            Column[] columns = columns("text", "text", "bigint", "bigint");
            for (Part part : parts) {
                Part.Fresh fresh = part.fresh();
                if (fresh != null) {
                    fresh.tags().forEach(tag -> add(columns, fresh.tenant(), tag, fresh.started(), part.run()));
                }
            }
            if (!columns[0].values.isEmpty()) {
                part(
                        "tagged",
                        "INSERT INTO $run_tag (tenant, tag, started, run) SELECT u.* FROM @ u(tenant, tag, started, run)"
                                + " JOIN fresh f ON f.num = u.run",
                        columns);
            }
        }

        void waits(List<Part> parts) {
            Column[] closed = columns("bigint", "text");
            Column[] opened = columns("bigint", "text", "text", "text", "bigint", "integer", "text");
            Set<String> again = new HashSet<>();
            for (Part part : parts) {
                for (Part.OpenedWait wait : part.opened()) {
                    again.add(part.run() + wait.digest());
                    add(
                            opened,
                            part.run(),
                            wait.digest(),
                            wait.place(),
                            wait.tenant(),
                            wait.since(),
                            wait.request() ? 1 : 0,
                            wait.body());
                }
            }
            for (Part part : parts) {
                for (String digest : part.closed()) {
                    if (!again.contains(part.run() + digest)) {
                        add(closed, part.run(), digest);
                    }
                }
            }
            if (!closed[0].values.isEmpty()) {
                part(
                        "closed",
                        "DELETE FROM $open_wait w USING @ u(run, digest), fence WHERE w.run = u.run AND w.digest ="
                                + " u.digest",
                        closed);
            }
            if (!opened[0].values.isEmpty()) {
                part(
                        "opened",
                        "INSERT INTO $open_wait (run, digest, place, tenant, since, request, body) SELECT u.* FROM @"
                                + " u(run, digest, place, tenant, since, request, body) CROSS JOIN fence"
                                + fresh("u.run")
                                + " ON CONFLICT DO NOTHING",
                        opened);
            }
        }

        /**
         * A remark that changes whenever twice as many batches have been written: a prepared statement keeps the plan that it
         * got when the tables were empty, which is to read them from end to end, until the server next analyses them.
         */
        private String plannedAnew() {
            return " /* " + (Long.SIZE - Long.numberOfLeadingZeros(batches.getAndIncrement())) + " */";
        }

        @Nullable
        Set<Long> run(Connection connection) throws SQLException {
            sql.append(" SELECT (SELECT count(*) FROM fence), ")
                    .append(beginning.isEmpty() ? "NULL" : "ARRAY(SELECT num FROM fresh)")
                    .append(plannedAnew());
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql.toString()))) {
                for (int i = 0; i < parameters.size(); i++) {
                    Object parameter = parameters.get(i);
                    if (parameter instanceof Column column) {
                        statement.setArray(i + 1, connection.createArrayOf(column.type, column.array()));
                    } else {
                        statement.setLong(i + 1, (Long) parameter);
                    }
                }
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    return rows.getLong(1) == 0 ? null : known(rows.getArray(2));
                }
            }
        }

        private Set<Long> known(@Nullable Array begun) throws SQLException {
            if (begun == null) {
                return Set.of();
            }
            Set<Long> known = new HashSet<>(beginning);
            for (Object number : (Object[]) begun.getArray()) {
                known.remove((Long) number);
            }
            return known;
        }
    }

    private static Column[] columns(String... types) {
        Column[] columns = new Column[types.length];
        for (int i = 0; i < types.length; i++) {
            columns[i] = new Column(types[i]);
        }
        return columns;
    }

    private static void add(Column[] columns, @Nullable Object... row) {
        for (int i = 0; i < row.length; i++) {
            columns[i].values.add(row[i]);
        }
    }
}
