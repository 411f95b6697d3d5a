package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.node.TransactionalWork;
import io.automationhub.engine.store.Digested;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Work in a transaction of a database that counts exactly once, however often it is attempted: the first statement of the
 * transaction inserts a row under the key of the node run, the last one stores the result there. Who finds the row has nothing
 * more to do; who comes while another one is at work waits for it at that row.
 */
final class TransactionalStep {

    private static final String CREATE =
            "CREATE TABLE IF NOT EXISTS ahe_step (step_key CHAR(64) PRIMARY KEY, result TEXT)";
    private static final String INSERT = "INSERT INTO ahe_step (step_key) VALUES (?)";
    private static final String UPDATE = "UPDATE ahe_step SET result = ? WHERE step_key = ?";
    private static final String SELECT = "SELECT result FROM ahe_step WHERE step_key = ?";

    private final DataSource source;
    private final String key;
    private final JsonLimits limits;

    /** @param key what no other work has */
    TransactionalStep(DataSource source, String key, JsonLimits limits) {
        this.source = source;
        this.key = Digested.sha256Of(key);
        this.limits = limits;
    }

    /** The result, of this call or of an earlier one that was committed. */
    @Nullable
    Object run(TransactionalWork work) throws Exception {
        try (Connection connection = source.getConnection()) {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                if (!begin(connection)) {
                    return stored(connection);
                }
                Object result = Json.of(work.with(connection), limits);
                try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
                    update.setString(1, Json.write(result));
                    update.setString(2, key);
                    int unused = update.executeUpdate();
                }
                connection.commit();
                return result;
            } catch (Throwable e) {
                rollBack(connection, e);
                throw e;
            } finally {
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    /** What is undone must not hide why. */
    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** False if the work was done before. */
    private boolean begin(Connection connection) throws SQLException {
        try {
            return insert(connection);
        } catch (SQLException e) {
            connection.rollback();
            if (exists(connection)) {
                throw e;
            }
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(CREATE);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!exists(connection)) {
                throw new EngineException(
                        "Cannot make the table ahe_step, which says what was done in this database: " + e.getMessage()
                                + "; let the user of the DataSource make it, or make it yourself: " + CREATE,
                        e);
            }
        }
        return insert(connection);
    }

    private boolean insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, key);
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            if (String.valueOf(e.getSQLState()).startsWith("23")) {
                connection.rollback();
                return false;
            }
            throw e;
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try {
            Optional<Object> unused = find(connection);
            return true;
        } catch (SQLException e) {
            connection.rollback();
            return false;
        }
    }

    private @Nullable Object stored(Connection connection) throws SQLException {
        Optional<Object> result = find(connection);
        connection.commit();
        return result.orElse(null);
    }

    private Optional<Object> find(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
                String json = rows.next() ? rows.getString(1) : null;
                return Optional.ofNullable(json == null ? null : Json.parse(json, limits));
            }
        }
    }
}
