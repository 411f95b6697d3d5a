package io.automationhub.store.jdbc;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.WorkflowLog;
import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DurableStore;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.OpenWait;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.store.PayloadCodec;
import io.automationhub.engine.store.Payloads;
import io.automationhub.engine.store.PreparedRun;
import io.automationhub.engine.store.RunStanding;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/**
 * Keeps runs in a relational database while they go on and after they have ended: H2 2.2, PostgreSQL 14, MariaDB 10.6 or
 * MySQL 8, or later. Every turn of a run is durable before anything follows from it; processes that use the same tables share
 * the work, and take over what a process that died has left. PostgreSQL is for many machines; H2 in a file is safe against a
 * process that dies, not against a machine that loses its power.
 *
 * <pre>{@code
 * WorkflowEngine engine = WorkflowEngine.builder()
 *         .store(JdbcWorkflowStore.create(dataSource))
 *         .build();
 * }</pre>
 *
 * <p>It borrows at most three connections of the DataSource at a time, while there is something to do, and gives them back as
 * they were.
 * A DataSource should be a pool. A store can be used by several engines, and is safe for use by several threads.
 */
public final class JdbcWorkflowStore implements DurableStore {

    private final Tables tables;
    private final Connections connections;
    private final Dialect dialect;
    private final Payloads payloads;
    private final Commits commits;
    private final Journals journals;
    private final Definitions definitions;
    private final Priorities priorities;
    private final RunQueries queries;
    private final SafeMetrics metrics;
    private final JdbcDocumentStore documents;
    private final JdbcBlobStore blobs;
    private final Deletions deletions;
    private final BatchStatement batchStatement;

    private JdbcWorkflowStore(Builder builder) {
        tables = new Tables(builder.schema, builder.tablePrefix);
        connections = new Connections(builder.source);
        try {
            dialect = connections.once(JdbcWorkflowStore::prepared);
        } catch (SQLException e) {
            throw StoreException.of("reach the database of the store", e);
        }
        Schema tablesOfStore = new Schema(tables, dialect, connections, Schema.LOCK_SECONDS);
        switch (builder.schemaMode) {
            case MIGRATE -> tablesOfStore.migrate();
            case VALIDATE -> tablesOfStore.validate();
            case NONE -> {
                // Somebody else sees to them.
            }
        }
        payloads = new Payloads(builder.codecs);
        commits = new Commits(payloads, builder.largeValueBytes);
        journals = new Journals(tables, payloads);
        definitions = new Definitions(tables, connections);
        priorities = new Priorities(tables, connections);
        metrics = new SafeMetrics(builder.metrics);
        queries = new RunQueries(this);
        documents = new JdbcDocumentStore(tables, connections, payloads);
        blobs = new JdbcBlobStore(tables, connections);
        batchStatement = dialect == Dialect.POSTGRESQL ? new PostgresBatch(tables) : new PortableBatch(tables, dialect);
        deletions = new Deletions(tables, connections, metrics, builder.retention);
    }

    /** H2 writes at the commit, and not up to half a second later, which is what it does unless told so. */
    private static Dialect prepared(Connection connection) throws SQLException {
        Dialect dialect = Dialect.of(connection);
        if (dialect == Dialect.H2) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET WRITE_DELAY 0");
            }
        }
        return dialect;
    }

    /**
     * A store with everything as it usually is; makes or changes its tables.
     *
     * @throws StoreException if the database cannot be reached, is none that the store knows, or has other tables of these
     *     names
     */
    public static JdbcWorkflowStore create(DataSource source) {
        return builder(source).build();
    }

    /** A store to be configured. */
    public static Builder builder(DataSource source) {
        return new Builder(source);
    }

    /** Configures a store. Not for use by several threads. */
    public static final class Builder {

        private final DataSource source;
        private String schema = "";
        private String tablePrefix = "ahe_";
        private SchemaMode schemaMode = SchemaMode.MIGRATE;
        private List<PayloadCodec> codecs = List.of();
        private int largeValueBytes = 8 * 1024;
        private StoreMetrics metrics = StoreMetrics.NONE;
        private Retention retention = Retention.DEFAULT;

        private Builder(DataSource source) {
            this.source = source;
        }

        /** In which schema the tables are; that of the connection unless set. */
        public Builder schema(String name) {
            schema = name;
            return this;
        }

        /** What the names of the tables begin with; {@code ahe_} unless set. */
        public Builder tablePrefix(String prefix) {
            tablePrefix = prefix;
            return this;
        }

        /** What is done about the tables; {@link SchemaMode#MIGRATE} unless set. */
        public Builder schemaMode(SchemaMode mode) {
            schemaMode = mode;
            return this;
        }

        /** What compresses and encrypts the values of runs, one after the other; nothing unless set. */
        public Builder codecs(PayloadCodec... inOrder) {
            codecs = List.of(inOrder);
            return this;
        }

        /** Values with so many bytes of JSON are stored once for each run; 8192 unless set. */
        public Builder largeValueBytes(int bytes) {
            if (bytes < 100) {
                throw new IllegalArgumentException("largeValueBytes is at least 100, but was " + bytes);
            }
            largeValueBytes = bytes;
            return this;
        }

        /** How long runs are kept after their end; {@link Retention#DEFAULT} unless set. The processes that work delete them. */
        public Builder retention(Retention times) {
            retention = times;
            return this;
        }

        /** What hears of what the store does. */
        public Builder metrics(StoreMetrics listener) {
            metrics = listener;
            return this;
        }

        /**
         * The store.
         *
         * @throws StoreException if the database cannot be reached, is none that the store knows, or its tables are not in
         *     order
         */
        public JdbcWorkflowStore build() {
            return new JdbcWorkflowStore(this);
        }

        /** The SQL that makes the tables in the database of the DataSource, to be run by hand. */
        public String schemaSql() {
            try {
                return Schema.export(new Connections(source).once(Dialect::of), new Tables(schema, tablePrefix));
            } catch (SQLException e) {
                throw StoreException.of("reach the database of the store", e);
            }
        }
    }

    // ---------------------------------------------------------------- for the classes of the store

    Tables tables() {
        return tables;
    }

    Connections connections() {
        return connections;
    }

    Dialect dialect() {
        return dialect;
    }

    Payloads payloads() {
        return payloads;
    }

    Commits commits() {
        return commits;
    }

    Journals journals() {
        return journals;
    }

    Definitions definitions() {
        return definitions;
    }

    Priorities priorities() {
        return priorities;
    }

    SafeMetrics metrics() {
        return metrics;
    }

    Deletions deletions() {
        return deletions;
    }

    BatchStatement batchStatement() {
        return batchStatement;
    }

    // ---------------------------------------------------------------- processes

    @Override
    public StoreMember join(String name, LongSupplier now) {
        long process = connections.inTransaction("join the store", connection -> {
            long number;
            String sql = tables.sql("INSERT INTO $process (name, joined) VALUES (?, ?)");
            try (PreparedStatement statement = connection.prepareStatement(sql, new String[] {"num"})) {
                statement.setString(1, name.length() > 200 ? name.substring(0, 200) : name);
                statement.setLong(2, now.getAsLong());
                int unused = statement.executeUpdate();
                try (ResultSet keys = statement.getGeneratedKeys()) {
                    keys.next();
                    number = keys.getLong(1);
                }
            }
            String fence = tables.sql("INSERT INTO $fence (process, writer, beat, batch, alive) VALUES (?, ?, "
                    + dialect.now() + ", 0, 1)");
            try (PreparedStatement statement = connection.prepareStatement(fence)) {
                for (int writer = 0; writer < JdbcMember.fences(); writer++) {
                    statement.setLong(1, number);
                    statement.setInt(2, writer);
                    int unused = statement.executeUpdate();
                }
            }
            return number;
        });
        return new JdbcMember(this, process, now);
    }

    @Override
    public DocumentStore documents() {
        return documents;
    }

    /** Files in the same database; for {@code WorkflowEngine.builder().blobStore(store.blobs())}. */
    public BlobStore blobs() {
        return blobs;
    }

    // ---------------------------------------------------------------- questions

    @Override
    public Optional<RunStanding> standing(String tenant, String executionId) {
        return queries.standing(tenant, executionId);
    }

    @Override
    public Set<String> ended(String tenant, Collection<String> executionIds) {
        return queries.ended(tenant, executionIds);
    }

    @Override
    public List<OpenWait.Request> requests(String tenant) {
        return queries.requests(tenant);
    }

    @Override
    public Optional<ExecutionRecord> find(String tenant, String executionId) {
        return queries.find(tenant, executionId);
    }

    @Override
    public Optional<Workflow> workflow(String tenant, String executionId) {
        return queries.workflow(tenant, executionId);
    }

    @Override
    public Page<ExecutionRecord> executions(ExecutionQuery query) {
        return queries.executions(query);
    }

    @Override
    public Page<NodeExecution> nodes(
            String tenant, String executionId, @org.jspecify.annotations.Nullable String after, int limit) {
        return queries.nodes(tenant, executionId, after, limit);
    }

    @Override
    public List<WorkflowLog> logs(String tenant, String executionId) {
        return queries.logs(tenant, executionId);
    }

    /** How many runs of a tenant stand where; statuses that none has are left out. */
    public java.util.Map<ExecutionStatus, Long> counts(String tenant) {
        return queries.counts(tenant);
    }

    @Override
    public void ended(ExecutionHistory run) {
        throw new UnsupportedOperationException("A durable store hears of the end of a run by its last commit");
    }

    @Override
    public void onForgotten(ForgottenRuns listener) {
        deletions.onForgotten(listener);
    }

    /**
     * Deletes an ended run and all that belongs to it, its files included.
     *
     * @return what is gone; nothing if there is no such run
     * @throws StoreException if it has not ended
     */
    public DeletionReport delete(String tenant, String executionId) {
        return deletions.delete(tenant, executionId);
    }

    /**
     * Deletes all ended runs with a tag and all that belongs to them, their files included: what a person has a right to, if
     * their runs have a tag for it. Runs that they called have the tag, too. Signals that wait to be taken go when they expire.
     *
     * @return what is gone, and which runs are still there because they have not ended
     */
    public DeletionReport deleteTagged(String tenant, String tag) {
        return deletions.deleteTagged(tenant, tag);
    }

    /**
     * Reads all runs, and tells of what in the tables cannot be as it is. Changes nothing; processes may work meanwhile.
     *
     * @param found hears of each finding, on this thread
     * @return how many runs were looked at
     * @throws InterruptedException if this thread is interrupted
     */
    public long check(Consumer<Finding> found) throws InterruptedException {
        return new ConsistencyCheck(this).run(found);
    }

    /**
     * Begins a run inside a transaction of the host: it begins if, and when, that is committed. Only inserts rows.
     *
     * @param connection of the same database, in a transaction
     * @param prepared from {@code engine.prepare(request)} of an engine with this store
     * @return the id of the run; that of the first one, if one was started with the same key before
     * @throws StoreException if the connection commits by itself, or is one of another database; nothing is written
     */
    public String start(Connection connection, PreparedRun prepared) {
        return new HostTransactions(this).start(connection, prepared);
    }

    /** Lets a run be taken again that was put aside. False if it was not. */
    public boolean release(String tenant, String executionId) {
        String sql = tables.sql("UPDATE $run SET problem = NULL, crashes = 0, due = 0 WHERE tenant = ? AND id = ?"
                + " AND problem IS NOT NULL AND ended IS NULL");
        return connections.inTransaction("release the execution '" + executionId + "'", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                statement.setString(2, executionId);
                return statement.executeUpdate() == 1;
            }
        });
    }

    /** The runs of a tenant that were put aside, and why, at most 1000. */
    public List<PutAside> putAside(String tenant) {
        String sql =
                tables.sql("SELECT id, workflow, crashes, problem FROM $run WHERE tenant = ? AND problem IS NOT NULL"
                        + " ORDER BY started LIMIT 1000");
        return connections.inTransaction("list the runs that were put aside", connection -> {
            List<PutAside> all = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, tenant);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        all.add(new PutAside(rows.getString(1), rows.getString(2), rows.getInt(3), rows.getString(4)));
                    }
                }
            }
            return all;
        });
    }

    /** A run that no process takes until somebody releases it. */
    public record PutAside(String execution, String workflow, int crashes, String problem) {}
}
