package io.automationhub.benchmarks.durable;

import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Workflow;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/** DBOS Transact: a workflow is a method, each step is stored before the next one. */
final class Dbos implements Contender {

    private final DBOS dbos;
    private final Chain chain;
    private final Clients clients = new Clients();

    /** What DBOS wraps. */
    public interface Chain {
        /** Adds one so many times. */
        long run(int steps);
    }

    /** The workflow itself. */
    public static final class Steps implements Chain {

        private final DBOS dbos;

        Steps(DBOS dbos) {
            this.dbos = dbos;
        }

        @Override
        @Workflow(name = "chain")
        public long run(int steps) {
            long value = 0;
            for (int i = 0; i < steps; i++) {
                long before = value;
                value = dbos.runStep(() -> before + 1, "step");
            }
            return value;
        }
    }

    Dbos(DataSource source) {
        dbos = new DBOS(DBOSConfig.defaults("chains")
                .withDataSource(source)
                .withMigrate(true)
                .withAdminServer(false));
        chain = dbos.registerProxy(Chain.class, new Steps(dbos));
        dbos.launch();
    }

    @Override
    public String name() {
        return "DBOS Transact";
    }

    @Override
    public CompletionStage<?> start() {
        return clients.call(() -> chain.run(STEPS));
    }

    @Override
    public void close() {
        clients.close();
        dbos.shutdown();
    }
}
