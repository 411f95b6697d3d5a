package io.automationhub.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.testkit.DocumentStoreContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents on real databases. */
@ParameterizedClass
@MethodSource("databases")
class DocumentStoreTest extends DocumentStoreContract {

    private final HikariDataSource source;

    DocumentStoreTest(Database database) {
        source = database.fresh();
    }

    static List<Database> databases() {
        return Database.available();
    }

    @Override
    protected DocumentStore store() {
        return JdbcWorkflowStore.create(source).documents();
    }

    @AfterEach
    void closePool() {
        source.close();
    }
}
