package io.automationhub.store.jdbc;

import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What runs run: each body is stored once, and known by a number. Safe for use by several threads. */
final class Definitions {

    private final Tables tables;
    private final Connections connections;
    private final Map<String, Long> numbers = new ConcurrentHashMap<>();
    private final Map<Long, Workflow> bodies = new ConcurrentHashMap<>();

    /** The last object that was asked for, because most runs in a row have the same. */
    private volatile @Nullable Known last;

    private record Known(String tenant, Workflow workflow, long number) {}

    Definitions(Tables tables, Connections connections) {
        this.tables = tables;
        this.connections = connections;
    }

    /** The number of a workflow; it is stored if it was not. */
    @SuppressWarnings("ReferenceEquality") // A hash costs more than a short run.
    long number(String tenant, Workflow workflow) {
        Known known = last;
        if (known != null && known.workflow() == workflow && known.tenant().equals(tenant)) {
            return known.number();
        }
        String digest = Digest.of(tenant, workflow.id(), workflow.hash());
        long number = numbers.computeIfAbsent(digest, key -> stored(key, tenant, workflow));
        bodies.putIfAbsent(number, workflow);
        last = new Known(tenant, workflow, number);
        return number;
    }

    private long stored(String digest, String tenant, Workflow workflow) {
        Keys.check("id of a workflow", workflow.id());
        return connections.inTransaction("store the workflow '" + workflow.id() + "'", connection -> {
            Optional<Long> known = find(connection, digest);
            if (known.isPresent()) {
                return known.get();
            }
            String sql = "INSERT INTO $definition (digest, tenant, workflow, hash, body) VALUES (?, ?, ?, ?, ?)";
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
                statement.setString(1, digest);
                statement.setString(2, tenant);
                statement.setString(3, workflow.id());
                statement.setString(4, workflow.hash());
                statement.setString(5, WorkflowJson.write(workflow));
                statement.executeUpdate();
            } catch (SQLException e) {
                if (!Connections.isDuplicate(e)) {
                    throw e;
                }
                // Somebody else stored it meanwhile; PostgreSQL wants a new transaction to see it.
                connection.rollback();
            }
            return find(connection, digest).orElseThrow();
        });
    }

    private Optional<Long> find(Connection connection, String digest) throws SQLException {
        String sql = tables.sql("SELECT num FROM $definition WHERE digest = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, digest);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(rows.getLong(1)) : Optional.empty();
            }
        }
    }

    /** The bodies that the workflow of a query had, or the one that it names. */
    List<Long> numbers(Connection connection, ExecutionQuery query) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        String sql = tables.sql(select(query, parameters));
        List<Long> numbers = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
        }
        return numbers;
    }

    /** The numbers of these bodies, as SQL. */
    static String select(ExecutionQuery query, List<Object> parameters) {
        parameters.add(query.tenant());
        parameters.add(Objects.requireNonNull(query.workflow()));
        if (query.version() == null) {
            return "SELECT num FROM $definition WHERE tenant = ? AND workflow = ?";
        }
        parameters.add(query.version());
        return "SELECT num FROM $definition WHERE tenant = ? AND workflow = ? AND hash = ?";
    }

    /** The workflow of a number. */
    Workflow workflow(Connection connection, long number) throws SQLException {
        Workflow known = bodies.get(number);
        if (known != null) {
            return known;
        }
        String sql = tables.sql("SELECT body FROM $definition WHERE num = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, number);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("The workflow of the run is not there; rows were deleted");
                }
                Workflow workflow = WorkflowJson.parse(rows.getString(1));
                Workflow other = bodies.putIfAbsent(number, workflow);
                return other == null ? workflow : other;
            }
        }
    }
}
