package io.automationhub.store.jdbc;

import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.MessageJson;
import io.automationhub.engine.store.Payloads;
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
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages that are kept for runs until they have heard them. */
final class Inbox {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);

    /** So many are read at once; the others when these are heard. */
    private static final int MOST = 10_000;

    private Inbox() {}

    /** Keeps a message. False if the run is unknown or has ended. A message that came before has no effect. */
    static boolean post(Connection connection, Tables tables, Part.Letter letter) throws SQLException {
        String target = tables.sql("SELECT num FROM $run WHERE tenant = ? AND id = ? AND ended IS NULL FOR UPDATE");
        long run;
        try (PreparedStatement statement = connection.prepareStatement(target)) {
            statement.setString(1, letter.tenant());
            statement.setString(2, letter.to());
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return false;
                }
                run = rows.getLong(1);
            }
        }
        return post(connection, tables, run, letter.digest(), letter.id(), letter.body());
    }

    /** Keeps a message for a run whose row the transaction has locked. */
    static boolean post(Connection connection, Tables tables, long run, String digest, String id, String body)
            throws SQLException {
        String sql = tables.sql("INSERT INTO $inbox (run, digest, id, body) SELECT ?, ?, ?, ? FROM (SELECT 1 AS one) q"
                + " WHERE NOT EXISTS (SELECT 1 FROM $inbox i WHERE i.run = ? AND i.digest = ?)");
        int count;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, run);
            statement.setString(2, digest);
            statement.setString(3, id);
            statement.setString(4, body);
            statement.setLong(5, run);
            statement.setString(6, digest);
            count = statement.executeUpdate();
        }
        if (count > 0) {
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(PortableBatch.BUMP))) {
                statement.setInt(1, count);
                statement.setLong(2, run);
                int unused = statement.executeUpdate();
            }
        }
        return true;
    }

    /** The messages for these runs, by their numbers, in order. */
    static Map<Long, List<ClaimedRun.Delivered>> of(
            Connection connection, Tables tables, Payloads payloads, Collection<Long> runs) throws SQLException {
        Map<Long, List<ClaimedRun.Delivered>> all = new HashMap<>();
        List<Long> numbers = List.copyOf(runs);
        for (int from = 0; from < numbers.size(); from += Journals.CHUNK) {
            List<Long> chunk = numbers.subList(from, Math.min(numbers.size(), from + Journals.CHUNK));
            String marks = String.join(", ", Collections.nCopies(chunk.size(), "?"));
            String sql = tables.sql(SELECT + " WHERE i.run IN (" + marks + ") ORDER BY i.num");
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < chunk.size(); i++) {
                    statement.setLong(i + 1, chunk.get(i));
                }
                read(statement, payloads, all);
            }
        }
        return all;
    }

    private static final String SELECT =
            "SELECT i.run, i.id, i.body, r.tenant, r.id FROM $inbox i JOIN $run r ON r.num = i.run";

    /** The messages for the runs of a process, in order. */
    static List<ClaimedRun.Delivered> of(Connection connection, Tables tables, Payloads payloads, long process)
            throws SQLException {
        Map<Long, List<ClaimedRun.Delivered>> all = new HashMap<>();
        String sql = tables.sql(SELECT + " WHERE r.owner = ? ORDER BY i.num LIMIT " + MOST);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, process);
            read(statement, payloads, all);
        }
        List<ClaimedRun.Delivered> flat = new ArrayList<>();
        all.values().forEach(flat::addAll);
        return flat;
    }

    /** Takes away what came for runs that ended before they heard it, and tells what that was. */
    static List<ClaimedRun.Delivered> takeInVain(Connection connection, Tables tables, Payloads payloads)
            throws SQLException {
        Map<Long, List<ClaimedRun.Delivered>> all = new HashMap<>();
        String sql = tables.sql(SELECT + " WHERE r.ended IS NOT NULL ORDER BY i.num LIMIT " + MOST);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            read(statement, payloads, all);
        }
        List<ClaimedRun.Delivered> flat = new ArrayList<>();
        String delete = tables.sql("DELETE FROM $inbox WHERE run = ? AND digest = ?");
        try (PreparedStatement statement = connection.prepareStatement(delete)) {
            for (Map.Entry<Long, List<ClaimedRun.Delivered>> run : all.entrySet()) {
                for (ClaimedRun.Delivered message : run.getValue()) {
                    statement.setLong(1, run.getKey());
                    statement.setString(2, Digest.of(message.id()));
                    // Whoever deletes it puts it back, and nobody else.
                    if (statement.executeUpdate() == 1) {
                        flat.add(message);
                    }
                }
            }
        }
        return flat;
    }

    private static void read(PreparedStatement statement, Payloads payloads, Map<Long, List<ClaimedRun.Delivered>> to)
            throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                try {
                    Object body = payloads.read(rows.getString(3));
                    to.computeIfAbsent(rows.getLong(1), run -> new ArrayList<>())
                            .add(new ClaimedRun.Delivered(
                                    rows.getString(4),
                                    rows.getString(5),
                                    rows.getString(2),
                                    MessageJson.read((JsonObject) java.util.Objects.requireNonNull(body))));
                } catch (RuntimeException e) {
                    LOG.error("A message for the execution '{}' cannot be read", rows.getString(5), e);
                }
            }
        }
    }
}
