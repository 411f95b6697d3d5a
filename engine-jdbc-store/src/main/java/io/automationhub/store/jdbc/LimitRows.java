package io.automationhub.store.jdbc;

import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.RunMessage;
import io.automationhub.engine.store.LimitClaim;
import io.automationhub.engine.store.MessageJson;
import io.automationhub.engine.store.Payloads;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Limit;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Limits that hold across processes. Attempts of processes and runs of workflows stand in lines at places, a row each; who
 * has locked the row of their tenant grants what is free, so that no two processes count at the same time. Rows of attempts
 * go with their process, those of runs with the run's end, and those that have begun under a rate when they count no longer.
 */
final class LimitRows {

    private static final String ADMITTED = "admitted";

    /** So many of a line are looked at; the others when these have gone. */
    private static final int LOOKED_AT = 200;

    private final Tables tables;
    private final Connections connections;
    private final Payloads payloads;
    private final LongSupplier now;
    private final Set<String> knownTenants = ConcurrentHashMap.newKeySet();

    /** Whether this process has ever asked for a place under a rate. */
    private volatile boolean asksForRates;

    /** @param now the time in microseconds since 1970 */
    LimitRows(Tables tables, Connections connections, Payloads payloads, LongSupplier now) {
        this.tables = tables;
        this.connections = connections;
        this.payloads = payloads;
        this.now = now;
    }

    /** Where the runs of a workflow stand. */
    static String place(StoreMember.Line line) {
        return Digest.of("workflow", line.tenant(), line.workflow());
    }

    private static String place(String tenant, String name, Limit limit) {
        return limit.per() == null
                ? Digest.of("name", tenant, name)
                : Digest.of("rate", tenant, name, limit.per().toString());
    }

    // ---------------------------------------------------------------- what a process asks for

    /** Each tenant has a row to lock. Before the transaction, because two processes may make it at once. */
    void prepare(Collection<String> tenants) {
        for (String tenant : tenants) {
            if (!knownTenants.contains(tenant)) {
                boolean unused = connections.insertUnlessThere(
                        "prepare the limits of a tenant",
                        tables.sql("INSERT INTO $limit_line (tenant) VALUES (?)"),
                        tenant);
                knownTenants.add(tenant);
            }
        }
    }

    /** The tenants about whose limits something is asked, with the places where something changes. */
    static Map<String, Set<String>> places(
            Collection<LimitClaim> asked, Collection<LimitClaim> givenBack, Collection<StoreMember.Line> lines) {
        Map<String, Set<String>> places = new TreeMap<>();
        List<LimitClaim> claims = new ArrayList<>(asked);
        claims.addAll(givenBack);
        for (LimitClaim claim : claims) {
            Set<String> of = places.computeIfAbsent(claim.tenant(), tenant -> new TreeSet<>());
            claim.limits().forEach((name, limit) -> of.add(place(claim.tenant(), name, limit)));
        }
        for (StoreMember.Line line : lines) {
            places.computeIfAbsent(line.tenant(), tenant -> new TreeSet<>()).add(place(line));
        }
        return places;
    }

    /** Places where somebody waits, by tenant. */
    Map<String, Set<String>> waitedAt(Connection connection) throws SQLException {
        Map<String, Set<String>> places = new TreeMap<>();
        String sql = tables.sql("SELECT DISTINCT tenant, place FROM $limit_claim WHERE granted = 0");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            collect(statement, places);
        }
        return places;
    }

    /** Notes what attempts want; what is there stays as it is. */
    void ask(Connection connection, long process, Collection<LimitClaim> asked) throws SQLException {
        String sql = tables.sql(
                "INSERT INTO $limit_claim (claimant, place, tenant, process, prio, since, most, per_micros, granted)"
                        + " SELECT ?, ?, ?, ?, ?, ?, ?, ?, 0 FROM (SELECT 1 AS one) q"
                        + " WHERE NOT EXISTS (SELECT 1 FROM $limit_claim c WHERE c.claimant = ? AND c.place = ?)");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (LimitClaim claim : asked) {
                for (Map.Entry<String, Limit> entry : claim.limits().entrySet()) {
                    Limit limit = entry.getValue();
                    String place = place(claim.tenant(), entry.getKey(), limit);
                    statement.setLong(1, claim.ticket());
                    statement.setString(2, place);
                    statement.setString(3, claim.tenant());
                    statement.setLong(4, process);
                    statement.setInt(5, -claim.priority());
                    statement.setLong(6, Micros.of(claim.since()));
                    statement.setInt(7, limit.most());
                    statement.setLong(
                            8,
                            limit.per() == null
                                    ? 0
                                    : TimeUnit.NANOSECONDS.toMicros(limit.per().toNanos()));
                    statement.setLong(9, claim.ticket());
                    statement.setString(10, place);
                    int unused = statement.executeUpdate();
                    asksForRates |= limit.isRate();
                }
            }
        }
    }

    /** What has begun under a rate counts on, and is nobody's. */
    void giveBack(Connection connection, Collection<LimitClaim> claims) throws SQLException {
        for (LimitClaim claim : claims) {
            change(connection, "DELETE FROM $limit_claim WHERE claimant = ? AND counts_until IS NULL", claim.ticket());
            if (claim.limits().values().stream().anyMatch(Limit::isRate)) {
                change(connection, "UPDATE $limit_claim SET process = NULL WHERE claimant = ?", claim.ticket());
            }
        }
    }

    /** Places of rates where attempts of a process wait, and where there is room because others count no longer. */
    void addRatesWithRoom(Connection connection, long process, Map<String, Set<String>> places) throws SQLException {
        if (!asksForRates) {
            return;
        }
        String sql = tables.sql("SELECT DISTINCT c.tenant, c.place FROM $limit_claim c"
                + " WHERE c.process = ? AND c.granted = 0 AND c.per_micros > 0 AND (SELECT COUNT(*) FROM $limit_claim g"
                + " WHERE g.place = c.place AND g.granted = 1 AND g.counts_until > ?) < c.most");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, process);
            statement.setLong(2, now.getAsLong());
            collect(statement, places);
        }
    }

    private static void collect(PreparedStatement statement, Map<String, Set<String>> places) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                places.computeIfAbsent(rows.getString(1), tenant -> new TreeSet<>())
                        .add(rows.getString(2));
            }
        }
    }

    /** The tickets of a process that have their places. */
    Set<Long> granted(Connection connection, long process) throws SQLException {
        String sql = tables.sql("SELECT DISTINCT claimant FROM $limit_claim WHERE process = ? AND granted = 1");
        Set<Long> granted = new HashSet<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, process);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    granted.add(rows.getLong(1));
                }
            }
        }
        return granted;
    }

    /** The names of a claim under which no place is free. */
    Set<String> full(Connection connection, LimitClaim claim) throws SQLException {
        Set<String> full = new HashSet<>();
        String sql = tables.sql("SELECT COUNT(*) FROM $limit_claim WHERE place = ? AND granted = 1"
                + " AND (counts_until IS NULL OR counts_until > ?)");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Map.Entry<String, Limit> limit : claim.limits().entrySet()) {
                statement.setString(1, place(claim.tenant(), limit.getKey(), limit.getValue()));
                statement.setLong(2, now.getAsLong());
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    if (rows.getInt(1) >= limit.getValue().most()) {
                        full.add(limit.getKey());
                    }
                }
            }
        }
        return full;
    }

    /** How many runs stand before one in its line; -1 if it is in none. */
    int ahead(Connection connection, long run) throws SQLException {
        String sql = tables.sql("SELECT (SELECT COUNT(*) FROM $limit_claim o WHERE o.place = c.place AND o.granted = 0"
                + " AND (o.prio < c.prio OR o.prio = c.prio AND (o.since < c.since"
                + " OR o.since = c.since AND o.claimant < c.claimant)))"
                + " FROM $limit_claim c WHERE c.claimant = ? AND c.granted = 0");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, run);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt(1) : -1;
            }
        }
    }

    // ---------------------------------------------------------------- who is next

    /** Somebody in a line. */
    private record Waiting(long claimant, boolean isRun, int most) {}

    /** Grants what is free at these places. */
    void settle(Connection connection, Map<String, Set<String>> placesOfTenants) throws SQLException {
        for (Map.Entry<String, Set<String>> entry : placesOfTenants.entrySet()) {
            lock(connection, entry.getKey());
            forgetOld(connection, entry.getKey());
            Map<String, Integer> used = new HashMap<>();
            for (String place : entry.getValue()) {
                settle(connection, place, used);
            }
        }
    }

    private void lock(Connection connection, String tenant) throws SQLException {
        String sql = tables.sql("SELECT tenant FROM $limit_line WHERE tenant = ? FOR UPDATE");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant);
            try (ResultSet rows = statement.executeQuery()) {
                boolean unused = rows.next();
            }
        }
    }

    private void forgetOld(Connection connection, String tenant) throws SQLException {
        String sql = tables.sql("DELETE FROM $limit_claim WHERE counts_until <= ? AND tenant = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, now.getAsLong());
            statement.setString(2, tenant);
            int unused = statement.executeUpdate();
        }
    }

    private void settle(Connection connection, String place, Map<String, Integer> used) throws SQLException {
        for (Waiting next : line(connection, place)) {
            if (used(connection, place, used) >= next.most()) {
                if (next.isRun()) {
                    return;
                }
                continue;
            }
            Map<String, Integer> wanted =
                    next.isRun() ? Map.of(place, next.most()) : wanted(connection, next.claimant());
            if (fits(connection, wanted, used)) {
                grant(connection, next);
                wanted.keySet().forEach(each -> used.merge(each, 1, Integer::sum));
            }
        }
    }

    private boolean fits(Connection connection, Map<String, Integer> wanted, Map<String, Integer> used)
            throws SQLException {
        for (Map.Entry<String, Integer> each : wanted.entrySet()) {
            if (used(connection, each.getKey(), used) >= each.getValue()) {
                return false;
            }
        }
        return true;
    }

    private int used(Connection connection, String place, Map<String, Integer> used) throws SQLException {
        Integer known = used.get(place);
        if (known != null) {
            return known;
        }
        String sql = tables.sql("SELECT COUNT(*) FROM $limit_claim WHERE place = ? AND granted = 1");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, place);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                used.put(place, rows.getInt(1));
                return rows.getInt(1);
            }
        }
    }

    private List<Waiting> line(Connection connection, String place) throws SQLException {
        String sql = tables.sql("SELECT claimant, process, most FROM $limit_claim WHERE place = ? AND granted = 0"
                + " ORDER BY prio, since, claimant LIMIT " + LOOKED_AT);
        List<Waiting> line = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, place);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    line.add(new Waiting(rows.getLong(1), rows.getObject(2) == null, rows.getInt(3)));
                }
            }
        }
        return line;
    }

    private Map<String, Integer> wanted(Connection connection, long claimant) throws SQLException {
        Map<String, Integer> wanted = new HashMap<>();
        String sql = tables.sql("SELECT place, most FROM $limit_claim WHERE claimant = ? AND granted = 0");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, claimant);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    wanted.put(rows.getString(1), rows.getInt(2));
                }
            }
        }
        return wanted;
    }

    private void grant(Connection connection, Waiting next) throws SQLException {
        String sql = tables.sql("UPDATE $limit_claim SET granted = 1,"
                + " counts_until = CASE WHEN per_micros > 0 THEN per_micros + ? ELSE NULL END WHERE claimant = ?");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, now.getAsLong());
            statement.setLong(2, next.claimant());
            int unused = statement.executeUpdate();
        }
        if (!next.isRun()) {
            return;
        }
        if (isUnfinished(connection, next.claimant())) {
            String body = payloads.write(MessageJson.write(new RunMessage.Admitted()));
            boolean unused = Inbox.post(connection, tables, next.claimant(), Digest.of(ADMITTED), ADMITTED, body);
        } else {
            change(connection, "DELETE FROM $limit_claim WHERE claimant = ?", next.claimant());
        }
    }

    private boolean isUnfinished(Connection connection, long run) throws SQLException {
        String sql = tables.sql("SELECT num FROM $run WHERE num = ? AND ended IS NULL FOR UPDATE");
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, run);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private void change(Connection connection, String sql, long claimant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
            statement.setLong(1, claimant);
            int unused = statement.executeUpdate();
        }
    }

    // ---------------------------------------------------------------- with the turns of runs

    /** A run that begins, in the line of its workflow. */
    record InLine(String place, int most) {}

    static final String ENTER =
            "INSERT INTO $limit_claim (claimant, place, tenant, process, prio, since, most, granted)"
                    + " VALUES (?, ?, ?, NULL, ?, ?, ?, 0)";

    static final String LEAVE = "DELETE FROM $limit_claim WHERE claimant = ?";
}
