package io.automationhub.store.jdbc;

import io.automationhub.engine.event.Micros;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.Payloads;
import io.automationhub.engine.value.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Documents in the database. */
final class JdbcDocumentStore implements DocumentStore {

    private final Tables tables;
    private final Connections connections;
    private final Payloads payloads;

    JdbcDocumentStore(Tables tables, Connections connections, Payloads payloads) {
        this.tables = tables;
        this.connections = connections;
        this.payloads = payloads;
    }

    @Override
    public Optional<Document> find(String collection, String tenant, String id) {
        String sql = tables.sql(
                "SELECT id, version, body, fields, due FROM $document WHERE collection = ? AND tenant = ? AND id = ?");
        return connections.inTransaction("read the document '" + id + "'", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, collection, tenant, id);
                try (ResultSet rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(document(rows)) : Optional.empty();
                }
            }
        });
    }

    private Document document(ResultSet rows) throws SQLException {
        JsonObject body = (JsonObject) Objects.requireNonNull(payloads.read(rows.getString(3)));
        Map<String, String> fields = new HashMap<>();
        ((JsonObject) Objects.requireNonNull(payloads.read(rows.getString(4))))
                .forEach((name, value) -> fields.put(name, String.valueOf(value)));
        long micros = rows.getLong(5);
        Instant due = rows.wasNull() ? null : Micros.instant(micros);
        return new Document(rows.getString(1), rows.getLong(2), body, fields, due);
    }

    @Override
    public Document put(
            String collection,
            String tenant,
            String id,
            long expected,
            JsonObject body,
            Map<String, String> fields,
            @Nullable Instant due) {
        DocumentStore.check("collection", collection);
        DocumentStore.check("tenant", tenant);
        DocumentStore.check("id", id);
        fields.forEach((name, value) -> {
            DocumentStore.check("field", name);
            DocumentStore.check("value of the field '" + name + "'", value);
        });
        Document document = new Document(id, expected + 1, body, fields, due);
        String text = payloads.write(body);
        String fieldText = payloads.write(object(fields));
        boolean done = connections.inTransaction("keep the document '" + id + "'", connection -> {
            Map<String, String> before = expected == ABSENT ? Map.of() : fields(connection, collection, tenant, id);
            boolean changed = expected == ABSENT
                    ? insert(connection, collection, tenant, id, text, fieldText, due)
                    : update(connection, collection, tenant, id, expected, text, fieldText, due);
            if (changed && !before.equals(fields)) {
                unindex(connection, collection, tenant, id, before);
                index(connection, collection, tenant, id, fields);
            }
            return changed;
        });
        if (!done) {
            throw new VersionMismatchException(collection, id, expected);
        }
        return document;
    }

    private static JsonObject object(Map<String, String> fields) {
        JsonObject.Builder json = JsonObject.builder();
        fields.forEach(json::put);
        return json.build();
    }

    private boolean insert(
            Connection connection,
            String collection,
            String tenant,
            String id,
            String body,
            String fields,
            @Nullable Instant due)
            throws SQLException {
        String sql =
                "INSERT INTO $document (collection, tenant, id, version, body, fields, due) VALUES (?, ?, ?, 1, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            set(statement, collection, tenant, id, body, fields);
            setDue(statement, 6, due);
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            if (Connections.isDuplicate(e)) {
                connection.rollback();
                return false;
            }
            throw e;
        }
    }

    private boolean update(
            Connection connection,
            String collection,
            String tenant,
            String id,
            long expected,
            String body,
            String fields,
            @Nullable Instant due)
            throws SQLException {
        String sql = "UPDATE $document SET body = ?, fields = ?, due = ?, version = version + 1"
                + " WHERE collection = ? AND tenant = ? AND id = ? AND version = ?";
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            set(statement, body, fields);
            setDue(statement, 3, due);
            statement.setString(4, collection);
            statement.setString(5, tenant);
            statement.setString(6, id);
            statement.setLong(7, expected);
            return statement.executeUpdate() == 1;
        }
    }

    private Map<String, String> fields(Connection connection, String collection, String tenant, String id)
            throws SQLException {
        String sql = tables.sql(
                "SELECT id, version, body, fields, due FROM $document WHERE collection = ? AND tenant = ? AND id = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            set(statement, collection, tenant, id);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? document(rows).fields() : Map.of();
            }
        }
    }

    private void index(Connection connection, String collection, String tenant, String id, Map<String, String> fields)
            throws SQLException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String sql = tables.sql("INSERT INTO $document_field (place, id) VALUES (?, ?)");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, Digest.of(collection, tenant, field.getKey(), field.getValue()), id);
                int unused = statement.executeUpdate();
            }
        }
    }

    private void unindex(Connection connection, String collection, String tenant, String id, Map<String, String> fields)
            throws SQLException {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            String sql = tables.sql("DELETE FROM $document_field WHERE place = ? AND id = ?");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, Digest.of(collection, tenant, field.getKey(), field.getValue()), id);
                int unused = statement.executeUpdate();
            }
        }
    }

    @Override
    public void delete(String collection, String tenant, String id, long expected) {
        boolean done = connections.inTransaction("delete the document '" + id + "'", connection -> {
            Map<String, String> before = fields(connection, collection, tenant, id);
            String sql =
                    tables.sql("DELETE FROM $document WHERE collection = ? AND tenant = ? AND id = ? AND version = ?");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                set(statement, collection, tenant, id);
                statement.setLong(4, expected);
                if (statement.executeUpdate() == 0) {
                    return false;
                }
            }
            unindex(connection, collection, tenant, id, before);
            return true;
        });
        if (!done) {
            throw new VersionMismatchException(collection, id, expected);
        }
    }

    @Override
    public List<DueDocument> due(String collection, Instant until, int limit) {
        String sql = tables.sql("SELECT id, version, body, fields, due, tenant FROM $document"
                + " WHERE collection = ? AND due <= ? ORDER BY due LIMIT " + limit);
        return connections.inTransaction("find the due documents of '" + collection + "'", connection -> {
            List<DueDocument> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, collection);
                statement.setLong(2, Micros.of(until));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(new DueDocument(rows.getString(6), document(rows)));
                    }
                }
            }
            return found;
        });
    }

    @Override
    public Page<Document> list(DocumentQuery query) {
        boolean byField = query.field() != null;
        String sql = "SELECT d.id, d.version, d.body, d.fields, d.due FROM $document d"
                + (byField ? " JOIN $document_field f ON f.id = d.id AND f.place = ?" : "")
                + " WHERE d.collection = ? AND d.tenant = ?"
                + (query.after() == null ? "" : " AND d.id > ?")
                + " ORDER BY d.id LIMIT " + (query.limit() + 1);
        List<String> parameters = new ArrayList<>();
        if (byField) {
            parameters.add(Digest.of(
                    query.collection(), query.tenant(), String.valueOf(query.field()), String.valueOf(query.value())));
        }
        parameters.add(query.collection());
        parameters.add(query.tenant());
        if (query.after() != null) {
            parameters.add(query.after());
        }
        return connections.inTransaction("list the documents of '" + query.collection() + "'", connection -> {
            List<Document> found = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
                set(statement, parameters.toArray(String[]::new));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(document(rows));
                    }
                }
            }
            return found.size() <= query.limit()
                    ? new Page<>(found, null)
                    : new Page<>(
                            found.subList(0, query.limit()),
                            found.get(query.limit() - 1).id());
        });
    }

    private static void setDue(PreparedStatement statement, int place, @Nullable Instant due) throws SQLException {
        if (due == null) {
            statement.setNull(place, Types.BIGINT);
        } else {
            statement.setLong(place, Micros.of(due));
        }
    }

    private static void set(PreparedStatement statement, String... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setString(i + 1, values[i]);
        }
    }
}
