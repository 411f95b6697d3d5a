package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.FactJson;
import io.automationhub.engine.store.LargeValues;
import io.automationhub.engine.store.Payloads;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what happened in runs. */
final class Journals {

    /** So many runs are read with one statement. */
    static final int CHUNK = 100;

    private final Tables tables;
    private final Payloads payloads;

    Journals(Tables tables, Payloads payloads) {
        this.tables = tables;
        this.payloads = payloads;
    }

    /**
     * What happened in a run.
     *
     * @param positions how many commits it has
     * @param variables those at its end; null if it has not ended, or has none
     */
    record Journal(
            List<ExecutionFact> facts,
            List<WorkflowLog> logs,
            int positions,
            @Nullable JsonObject variables) {}

    /** The rows of a run, as they are. */
    private record Rows(List<String> bodies, int positions) {}

    /** What happened in these runs, by their numbers. One that cannot be read stands there as the exception. */
    Map<Long, Object> read(Connection connection, Collection<Long> runs) throws SQLException {
        Map<Long, Object> read = new HashMap<>();
        List<Long> all = List.copyOf(runs);
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<Long> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            Map<Long, Rows> rows = rows(connection, chunk, "");
            for (Long run : chunk) {
                read.put(run, journalOrProblem(connection, run, rows.getOrDefault(run, new Rows(List.of(), 0))));
            }
        }
        return read;
    }

    /** What happened in one run. */
    Journal read(Connection connection, long run) throws SQLException {
        Rows rows = rows(connection, List.of(run), "").get(run);
        return journal(connection, run, rows == null ? new Rows(List.of(), 0) : rows);
    }

    /**
     * The first and the last thing that happened in each of these runs, which have ended. One that cannot be read stands there
     * as the exception, one that was deleted does not.
     */
    Map<Long, Object> ends(Connection connection, Collection<Long> runs) throws SQLException {
        return parts(
                connection,
                runs,
                " AND (j.pos = 0 OR j.pos = (SELECT MAX(l.pos) FROM $journal l WHERE l.run = j.run))");
    }

    private Map<Long, Object> parts(Connection connection, Collection<Long> runs, String which) throws SQLException {
        Map<Long, Object> read = new HashMap<>();
        List<Long> all = List.copyOf(runs);
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<Long> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            for (Map.Entry<Long, Rows> entry : rows(connection, chunk, which).entrySet()) {
                read.put(entry.getKey(), journalOrProblem(connection, entry.getKey(), entry.getValue()));
            }
        }
        return read;
    }

    /** What happened in the first turn of each of these runs; likewise. */
    Map<Long, Object> beginnings(Connection connection, Collection<Long> runs) throws SQLException {
        return parts(connection, runs, " AND j.pos = 0");
    }

    private Map<Long, Rows> rows(Connection connection, List<Long> runs, String condition) throws SQLException {
        String marks = String.join(", ", Collections.nCopies(runs.size(), "?"));
        String sql = "SELECT j.run, j.pos, j.body FROM $journal j WHERE j.run IN (" + marks + ")" + condition
                + " ORDER BY j.run, j.pos";
        Map<Long, Rows> all = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            for (int i = 0; i < runs.size(); i++) {
                statement.setLong(i + 1, runs.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    long run = rows.getLong(1);
                    Rows before = all.get(run);
                    List<String> bodies = before == null ? new ArrayList<>() : before.bodies();
                    bodies.add(rows.getString(3));
                    all.put(run, new Rows(bodies, rows.getInt(2) + 1));
                }
            }
        }
        return all;
    }

    private Object journalOrProblem(Connection connection, long run, Rows rows) throws SQLException {
        try {
            return journal(connection, run, rows);
        } catch (RuntimeException e) {
            return e;
        }
    }

    private Journal journal(Connection connection, long run, Rows rows) throws SQLException {
        List<ExecutionFact> facts = new ArrayList<>();
        List<WorkflowLog> logs = new ArrayList<>();
        JsonObject variables = null;
        FactJson json = null;
        for (String body : rows.bodies()) {
            Object value = payloads.read(body);
            JsonObject whole = value instanceof JsonObject object ? object : JsonObject.of("facts", value);
            for (Object fact : array(whole, "facts")) {
                JsonObject object = (JsonObject) java.util.Objects.requireNonNull(fact);
                if (json == null) {
                    long started = object.get("t") instanceof Long micros ? micros : 0;
                    json = new FactJson(started, new Large(connection, run));
                }
                facts.add(json.read(object));
            }
            for (Object line : array(whole, "logs")) {
                logs.add(log((JsonObject) java.util.Objects.requireNonNull(line)));
            }
            variables = whole.get("variables") instanceof JsonObject known ? known : variables;
        }
        if (facts.isEmpty() || !(facts.get(0) instanceof ExecutionFact.RunStarted)) {
            throw new IllegalStateException("The journal of the run does not begin with its start; rows were deleted");
        }
        return new Journal(facts, logs, rows.positions(), variables);
    }

    private static JsonArray array(JsonObject whole, String key) {
        return whole.get(key) instanceof JsonArray array ? array : JsonArray.of();
    }

    private static WorkflowLog log(JsonObject line) {
        return new WorkflowLog(
                Micros.instant(line.get("at") instanceof Long at ? at : 0),
                WorkflowLog.Level.valueOf(String.valueOf(line.get("level")).toUpperCase(Locale.ROOT)),
                String.valueOf(line.get("node")),
                String.valueOf(line.get("message")));
    }

    /** Values that stand in rows of their own. */
    private final class Large implements LargeValues {

        private final Connection connection;
        private final long run;

        Large(Connection connection, long run) {
            this.connection = connection;
            this.run = run;
        }

        @Override
        public @Nullable String put(Object value) {
            throw new IllegalStateException("Values are only read here");
        }

        @Override
        public @Nullable Object get(String reference) {
            String sql = tables.sql("SELECT body FROM $large_value WHERE run = ? AND digest = ?");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setLong(1, run);
                statement.setString(2, reference);
                try (ResultSet rows = statement.executeQuery()) {
                    if (rows.next()) {
                        return payloads.read(rows.getString(1));
                    }
                }
            } catch (SQLException e) {
                throw StoreException.of("read a large value of a run", e);
            }
            throw new IllegalStateException("A large value of the run is not there; rows were deleted");
        }
    }
}
