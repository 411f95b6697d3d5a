package io.automationhub.store.jdbc;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.FactHistory;
import io.automationhub.engine.store.OpenWait;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.Paging;
import io.automationhub.engine.store.RunStanding;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers questions about runs. */
final class RunQueries {

    private static final int MOST_REQUESTS = 10_000;

    private final JdbcWorkflowStore store;
    private final Tables tables;
    private final Connections connections;

    RunQueries(JdbcWorkflowStore store) {
        this.store = store;
        tables = store.tables();
        connections = store.connections();
    }

    /** The most ids in one statement. */
    private static final int ASKED_AT_ONCE = 200;

    /** Of more bodies of a workflow the runs are sorted by the database. */
    private static final int MOST_BODIES = 200;

    /** A row of the table of runs. */
    private record Row(
            long number,
            String tenant,
            String id,
            String workflow,
            long definition,
            ExecutionStatus status,
            long started) {}

    private static final String COLUMNS = "r.num, r.tenant, r.id, r.workflow, r.definition, r.status, r.started";

    private static Row row(ResultSet rows) throws SQLException {
        return new Row(
                rows.getLong(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getLong(5),
                Commits.status(rows.getInt(6)),
                rows.getLong(7));
    }

    private Optional<Row> row(Connection connection, String tenant, String id) throws SQLException {
        String sql = tables.sql("SELECT " + COLUMNS + " FROM $run r WHERE r.tenant = ? AND r.id = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant);
            statement.setString(2, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(row(rows)) : Optional.empty();
            }
        }
    }

    // ---------------------------------------------------------------- one run

    Optional<RunStanding> standing(String tenant, String id) {
        String sql = tables.sql("SELECT r.status, r.owner, p.name, r.due, r.crashes, r.problem FROM $run r"
                + " LEFT JOIN $process p ON p.num = r.owner WHERE r.tenant = ? AND r.id = ?");
        return connections.inTransaction("look where the execution '" + id + "' is", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                statement.setString(2, id);
                try (ResultSet rows = statement.executeQuery()) {
                    if (!rows.next()) {
                        return Optional.empty();
                    }
                    long owner = rows.getLong(2);
                    String name = rows.getString(3);
                    long due = rows.getLong(4);
                    boolean isDue = !rows.wasNull();
                    return Optional.of(new RunStanding(
                            Commits.status(rows.getInt(1)),
                            owner == 0 ? null : (name == null ? "" : name) + "#" + owner,
                            isDue ? Micros.instant(due) : null,
                            rows.getInt(5),
                            rows.getString(6)));
                }
            }
        });
    }

    Optional<ExecutionRecord> find(String tenant, String id) {
        return connections.inTransaction("read the execution '" + id + "'", connection -> {
            Optional<Row> row = row(connection, tenant, id);
            return row.isEmpty()
                    ? Optional.empty()
                    : records(connection, List.of(row.get()), true).stream().findFirst();
        });
    }

    /** A run may be deleted while it is read; then it is not there. */
    private <T> T unlessDeleted(String tenant, String id, T otherwise, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalStateException e) {
            if (standing(tenant, id).isPresent()) {
                throw e;
            }
            return otherwise;
        }
    }

    Set<String> ended(String tenant, Collection<String> ids) {
        Set<String> ended = new HashSet<>();
        List<String> left = new ArrayList<>(ids);
        for (int from = 0; from < left.size(); from += ASKED_AT_ONCE) {
            List<String> some = left.subList(from, Math.min(left.size(), from + ASKED_AT_ONCE));
            String sql = tables.sql("SELECT id FROM $run WHERE tenant = ? AND ended IS NOT NULL AND id IN ("
                    + String.join(", ", Collections.nCopies(some.size(), "?")) + ")");
            ended.addAll(connections.inTransaction("look which executions have ended", connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setString(1, tenant);
                    for (int i = 0; i < some.size(); i++) {
                        statement.setString(i + 2, some.get(i));
                    }
                    return texts(statement);
                }
            }));
        }
        return ended;
    }

    private static List<String> texts(PreparedStatement statement) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    Optional<Workflow> workflow(String tenant, String id) {
        return connections.inTransaction("read the workflow of the execution '" + id + "'", connection -> {
            Optional<Row> row = row(connection, tenant, id);
            return row.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            store.definitions().workflow(connection, row.get().definition()));
        });
    }

    Page<NodeExecution> nodes(String tenant, String id, @Nullable String after, int limit) {
        return unlessDeleted(tenant, id, new Page<>(List.of(), null), () -> nodesOnce(tenant, id, after, limit));
    }

    private Page<NodeExecution> nodesOnce(String tenant, String id, @Nullable String after, int limit) {
        return connections.inTransaction("read the node runs of the execution '" + id + "'", connection -> {
            Optional<Row> row = row(connection, tenant, id);
            List<NodeExecution> all = row.isEmpty()
                    ? List.of()
                    : FactHistory.nodes(store.journals()
                            .read(connection, row.get().number())
                            .facts());
            return Paging.positions(all, after, limit);
        });
    }

    List<WorkflowLog> logs(String tenant, String id) {
        return unlessDeleted(tenant, id, List.of(), () -> logsOnce(tenant, id));
    }

    private List<WorkflowLog> logsOnce(String tenant, String id) {
        return connections.inTransaction("read the log of the execution '" + id + "'", connection -> {
            Optional<Row> row = row(connection, tenant, id);
            return row.isEmpty()
                    ? List.of()
                    : store.journals().read(connection, row.get().number()).logs();
        });
    }

    // ---------------------------------------------------------------- many runs

    Page<ExecutionRecord> executions(ExecutionQuery query) {
        return connections.inTransaction("list runs", connection -> {
            List<Object> parameters = new ArrayList<>();
            String sql = select(connection, query, parameters);
            List<Row> rows = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
                for (int i = 0; i < parameters.size(); i++) {
                    statement.setObject(i + 1, parameters.get(i));
                }
                try (ResultSet found = statement.executeQuery()) {
                    while (found.next()) {
                        rows.add(row(found));
                    }
                }
            }
            boolean more = rows.size() > query.limit();
            List<Row> page = more ? rows.subList(0, query.limit()) : rows;
            Row last = more ? page.get(page.size() - 1) : null;
            return new Page<>(
                    records(connection, page, false),
                    last == null ? null : new Paging.Cursor(last.started(), last.id()).text());
        });
    }

    /**
     * Those of a tag, a status or a body are in the order of an index. All runs are those of each status, those of a workflow
     * are those of each body that it had: indexes of their own would cost each run two more entries.
     */
    private String select(Connection connection, ExecutionQuery query, List<Object> parameters) throws SQLException {
        if (query.tag() != null) {
            return page(query, query.status(), null, parameters);
        }
        List<String> pages = new ArrayList<>();
        if (query.workflow() != null) {
            List<Long> definitions = store.definitions().numbers(connection, query);
            if (definitions.size() > MOST_BODIES) {
                return page(query, query.status(), null, parameters);
            }
            for (Long definition : definitions) {
                pages.add(page(query, query.status(), definition, parameters));
            }
        } else if (query.status() != null) {
            return page(query, query.status(), null, parameters);
        } else {
            for (ExecutionStatus status : ExecutionStatus.values()) {
                pages.add(page(query, status, null, parameters));
            }
        }
        if (pages.isEmpty()) {
            return "SELECT " + COLUMNS + " FROM $run r WHERE 1 = 0";
        }
        return "SELECT " + COLUMNS + " FROM ((" + String.join(") UNION ALL (", pages) + ")) r"
                + order("r.started", query);
    }

    private static String page(
            ExecutionQuery query,
            @Nullable ExecutionStatus status,
            @Nullable Long definition,
            List<Object> parameters) {
        Conditions where = new Conditions(parameters);
        String tag = query.tag();
        String from = "$run r";
        if (tag == null) {
            where.add("r.tenant = ?", query.tenant());
        } else {
            from = "$run_tag t JOIN $run r ON r.num = t.run";
            where.add("t.tenant = ?", query.tenant());
            where.add("t.tag = ?", tag);
        }
        if (definition != null) {
            where.add("r.definition = ?", definition);
        } else if (query.workflow() != null) {
            List<Object> of = new ArrayList<>();
            where.add("r.definition IN (" + Definitions.select(query, of) + ")", of.toArray());
        }
        if (status != null) {
            where.add("r.status = ?", Commits.code(status));
        }
        String started = tag == null ? "r.started" : "t.started";
        if (query.from() != null) {
            where.add(started + " >= ?", Micros.of(query.from()));
        }
        if (query.until() != null) {
            where.add(started + " < ?", Micros.of(query.until()));
        }
        if (query.endedFrom() != null) {
            where.add("r.ended >= ?", Micros.of(query.endedFrom()));
        }
        if (query.after() != null) {
            Paging.Cursor cursor = Paging.cursor(query.after());
            String before = started + " <= ? AND (" + started + " < ? OR r.id < ?)";
            where.add(before, cursor.micros(), cursor.micros(), cursor.id());
        }
        return "SELECT " + COLUMNS + " FROM " + from + " WHERE " + where.text() + order(started, query);
    }

    /** What rows must fulfil, all of it. */
    private static final class Conditions {

        private final List<String> all = new ArrayList<>();
        private final List<Object> parameters;

        Conditions(List<Object> parameters) {
            this.parameters = parameters;
        }

        void add(String condition, Object... values) {
            all.add(condition);
            parameters.addAll(List.of(values));
        }

        String text() {
            return String.join(" AND ", all);
        }
    }

    private static String order(String started, ExecutionQuery query) {
        return " ORDER BY " + started + " DESC, r.id DESC LIMIT " + (query.limit() + 1);
    }

    /**
     * Of runs that have ended only the beginning and the end are read, of those that go on only the beginning: a journal may be
     * long. One that cannot be read says so as its error.
     *
     * @param whole whether also those that go on are read as a whole, for their variables
     */
    private List<ExecutionRecord> records(Connection connection, List<Row> rows, boolean whole) throws SQLException {
        Map<Long, Object> journals = store.journals().ends(connection, numbers(rows, true));
        List<Long> goOn = numbers(rows, false);
        journals.putAll(
                whole
                        ? store.journals().read(connection, goOn)
                        : store.journals().beginnings(connection, goOn));
        List<ExecutionRecord> records = new ArrayList<>();
        for (Row row : rows) {
            Object journal = journals.get(row.number());
            if (journal instanceof Journals.Journal read) {
                records.add(record(connection, row, read, variables(row, read, whole)));
            } else if (journal instanceof RuntimeException problem && isThere(connection, row)) {
                records.add(unreadable(connection, row, problem));
            }
        }
        return records;
    }

    private static List<Long> numbers(List<Row> rows, boolean ended) {
        return rows.stream()
                .filter(row -> row.status().isEnded() == ended)
                .map(Row::number)
                .toList();
    }

    /** A run may be deleted while its rows are read. */
    private boolean isThere(Connection connection, Row row) throws SQLException {
        return row(connection, row.tenant(), row.id()).isPresent();
    }

    private static @Nullable JsonObject variables(Row row, Journals.Journal journal, boolean whole) {
        if (row.status().isEnded()) {
            return journal.variables() == null ? JsonObject.EMPTY : journal.variables();
        }
        return whole ? null : ((ExecutionFact.RunStarted) journal.facts().get(0)).variables();
    }

    /** @param variables null for those that the facts have left */
    private ExecutionRecord record(
            Connection connection, Row row, Journals.Journal journal, @Nullable JsonObject variables)
            throws SQLException {
        return FactHistory.record(
                row.tenant(),
                row.id(),
                row.workflow(),
                store.definitions().workflow(connection, row.definition()).hash(),
                row.status(),
                journal.facts(),
                variables);
    }

    private ExecutionRecord unreadable(Connection connection, Row row, RuntimeException problem) throws SQLException {
        return new ExecutionRecord(
                row.tenant(),
                row.id(),
                row.workflow(),
                store.definitions().workflow(connection, row.definition()).hash(),
                row.status(),
                null,
                null,
                null,
                ExecutionError.of(
                        ExecutionError.KIND_ERROR,
                        "What is stored of the run cannot be read: " + problem.getMessage()
                                + "; restore its rows from a backup, or delete it",
                        null),
                JsonObject.EMPTY,
                JsonObject.EMPTY,
                Micros.instant(row.started()),
                null,
                null,
                null,
                List.of());
    }

    Map<ExecutionStatus, Long> counts(String tenant) {
        String sql = tables.sql("SELECT status, COUNT(*) FROM $run WHERE tenant = ? GROUP BY status");
        return connections.inTransaction("count runs", connection -> {
            Map<ExecutionStatus, Long> counts = new EnumMap<>(ExecutionStatus.class);
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        counts.put(Commits.status(rows.getInt(1)), rows.getLong(2));
                    }
                }
            }
            return counts;
        });
    }

    List<OpenWait.Request> requests(String tenant) {
        String sql =
                tables.sql("SELECT r.id, r.workflow, w.since, w.body FROM $open_wait w JOIN $run r ON r.num = w.run"
                        + " WHERE w.tenant = ? AND w.request = 1 AND r.ended IS NULL ORDER BY w.since, r.id LIMIT "
                        + MOST_REQUESTS);
        return connections.inTransaction("list what is asked of people", connection -> {
            List<OpenWait.Request> all = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        JsonObject body = (JsonObject)
                                Objects.requireNonNull(store.payloads().read(rows.getString(4)));
                        all.add(new OpenWait.Request(
                                rows.getString(1),
                                rows.getString(2),
                                new OpenWait(
                                        String.valueOf(body.get("node")),
                                        String.valueOf(body.get("iteration")),
                                        String.valueOf(body.get("name")),
                                        null,
                                        body.get("asked") instanceof JsonObject asked ? asked : JsonObject.EMPTY,
                                        Micros.instant(rows.getLong(3)))));
                    }
                }
            }
            return all;
        });
    }
}
