package io.automationhub.store.jdbc;

import io.automationhub.engine.store.DurableStore;
import java.util.function.Supplier;

/** An empty store for each scenario, in the database that the system property {@code scenario.database} names. */
final class ScenarioStores implements Supplier<DurableStore> {

    private static int count;
    private static com.zaxxer.hikari.HikariDataSource source;

    @Override
    public DurableStore get() {
        synchronized (ScenarioStores.class) {
            if (source == null) {
                source = Database.valueOf(System.getProperty("scenario.database"))
                        .fresh();
            }
            // Tables of its own, which is quicker than a database of its own.
            return JdbcWorkflowStore.builder(source)
                    .tablePrefix("t" + count++ + "_")
                    .build();
        }
    }
}
