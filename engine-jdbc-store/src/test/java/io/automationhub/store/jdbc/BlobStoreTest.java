package io.automationhub.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.testkit.BlobStoreContract;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Files on real databases. */
@ParameterizedClass
@MethodSource("databases")
class BlobStoreTest extends BlobStoreContract {

    private final HikariDataSource source;

    BlobStoreTest(Database database) {
        source = database.fresh();
    }

    static List<Database> databases() {
        return Database.available();
    }

    @Override
    protected BlobStore store() {
        return JdbcWorkflowStore.create(source).blobs();
    }

    @AfterEach
    void closePool() {
        source.close();
    }
}
