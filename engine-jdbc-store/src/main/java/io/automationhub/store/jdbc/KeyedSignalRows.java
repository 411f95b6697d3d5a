package io.automationhub.store.jdbc;

import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.event.SignalReceipt;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.MessageJson;
import io.automationhub.engine.store.Payloads;
import io.automationhub.engine.value.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Signals with a key and the nodes that wait for them. Both are rows; whoever adds one looks for the other afterwards, in a
 * transaction that sees what was committed before. So of two that come at the same time at least the later one sees both.
 */
final class KeyedSignalRows {

    /** The most signals that are kept at one place. */
    private static final int MOST = 1000;

    private final Tables tables;
    private final Payloads payloads;
    private final LongSupplier now;

    KeyedSignalRows(Tables tables, Payloads payloads, LongSupplier now) {
        this.tables = tables;
        this.payloads = payloads;
        this.now = now;
    }

    /** Keeps a signal, and brings it to who waits for it. */
    SignalReceipt send(Connection connection, String tenant, String key, Woken.BySignal signal, long until)
            throws SQLException {
        String place = Commits.place(tenant, signal.name(), key);
        if (kept(connection, place) >= MOST) {
            return SignalReceipt.FULL;
        }
        String digest = Digest.of(tenant, signal.id());
        String sql = tables.sql("INSERT INTO $key_signal (digest, place, sent, expires, taken, body)"
                + " SELECT ?, ?, ?, ?, 0, ? FROM (SELECT 1 AS one) q"
                + " WHERE NOT EXISTS (SELECT 1 FROM $key_signal s WHERE s.digest = ?)");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, digest);
            statement.setString(2, place);
            statement.setLong(3, now.getAsLong());
            statement.setLong(4, until);
            statement.setString(5, body(signal, key));
            statement.setString(6, digest);
            if (statement.executeUpdate() == 0) {
                return SignalReceipt.REPEATED;
            }
        }
        boolean taken = match(connection, place);
        if (!taken) {
            // A node may have begun to wait meanwhile, and not have seen the signal.
            connection.commit();
            taken = match(connection, place);
        }
        return taken ? SignalReceipt.TAKEN : SignalReceipt.KEPT;
    }

    private String body(Woken.BySignal signal, String key) {
        return payloads.write(MessageJson.write(new RunMessage.KeyedSignal("", "", key, signal)));
    }

    private int kept(Connection connection, String place) throws SQLException {
        String sql = tables.sql("SELECT COUNT(*) FROM $key_signal WHERE place = ? AND taken = 0 AND expires > ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, place);
            statement.setLong(2, now.getAsLong());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getInt(1);
            }
        }
    }

    /** A signal that is kept. */
    private record Kept(String digest, String body) {}

    /** A node that waits. */
    private record Waiting(long run, String digest, String body) {}

    /** Brings the oldest signal at a place to the node that has waited longest, and so on. True if it brought one. */
    boolean match(Connection connection, String place) throws SQLException {
        boolean any = false;
        while (true) {
            Waiting waiting = waiting(connection, place);
            Kept signal = waiting == null ? null : oldest(connection, place);
            if (waiting == null || signal == null) {
                return any;
            }
            deliver(connection, waiting, signal);
            any = true;
        }
    }

    private @org.jspecify.annotations.Nullable Waiting waiting(Connection connection, String place)
            throws SQLException {
        String sql = tables.sql(
                "SELECT run, digest, body FROM $open_wait WHERE place = ? ORDER BY since, run LIMIT 1 FOR" + " UPDATE");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, place);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? new Waiting(rows.getLong(1), rows.getString(2), rows.getString(3)) : null;
            }
        }
    }

    private @org.jspecify.annotations.Nullable Kept oldest(Connection connection, String place) throws SQLException {
        String sql = tables.sql("SELECT digest, body FROM $key_signal WHERE place = ? AND taken = 0 AND expires > ?"
                + " ORDER BY sent, digest LIMIT 1 FOR UPDATE");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, place);
            statement.setLong(2, now.getAsLong());
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? new Kept(rows.getString(1), rows.getString(2)) : null;
            }
        }
    }

    private void deliver(Connection connection, Waiting waiting, Kept kept) throws SQLException {
        RunMessage.KeyedSignal signal = (RunMessage.KeyedSignal) MessageJson.read(object(kept.body()));
        JsonObject wait = object(waiting.body());
        RunMessage message = new RunMessage.KeyedSignal(
                String.valueOf(wait.get("node")), String.valueOf(wait.get("iteration")), signal.key(), signal.signal());
        execute(connection, "DELETE FROM $open_wait WHERE run = ? AND digest = ?", waiting.run(), waiting.digest());
        execute(connection, "UPDATE $key_signal SET taken = 1 WHERE digest = ?", kept.digest());
        String id = "keyed:" + signal.signal().id() + ":" + now.getAsLong();
        boolean unused = Inbox.post(
                connection, tables, waiting.run(), Digest.of(id), id, payloads.write(MessageJson.write(message)));
    }

    private JsonObject object(String body) {
        return (JsonObject) Objects.requireNonNull(payloads.read(body));
    }

    private void execute(Connection connection, String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            int unused = statement.executeUpdate();
        }
    }

    /** A signal came in vain: it is there again, as old as it was. */
    boolean putBack(Connection connection, String tenant, String key, Woken.BySignal signal) throws SQLException {
        execute(connection, "UPDATE $key_signal SET taken = 0 WHERE digest = ?", Digest.of(tenant, signal.id()));
        connection.commit();
        return match(connection, Commits.place(tenant, signal.name(), key));
    }

    /** Runs that ended before they heard a signal do not keep it from others. */
    int putBackInVain(Connection connection) throws SQLException {
        Set<String> places = new LinkedHashSet<>();
        for (ClaimedRun.Delivered message : Inbox.takeInVain(connection, tables, payloads)) {
            if (message.message() instanceof RunMessage.KeyedSignal signal) {
                String digest = Digest.of(message.tenant(), signal.signal().id());
                execute(connection, "UPDATE $key_signal SET taken = 0 WHERE digest = ?", digest);
                places.add(Commits.place(message.tenant(), signal.signal().name(), signal.key()));
            }
        }
        connection.commit();
        for (String place : places) {
            boolean unused = match(connection, place);
        }
        return places.size();
    }

    /** Deletes signals whose time is over. */
    int forgetExpired(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(tables.sql("DELETE FROM $key_signal WHERE expires < ?"))) {
            statement.setLong(1, now.getAsLong());
            return statement.executeUpdate();
        }
    }
}
