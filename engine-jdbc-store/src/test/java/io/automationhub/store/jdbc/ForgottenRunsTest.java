package io.automationhub.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.nodes.Nodes;
import io.automationhub.engine.store.ClaimedRun;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.workflow.Workflow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that were claimed when the connection was lost: the process finds them again, and takes none that it has just let go of. */
class ForgottenRunsTest {

    private final AtomicBoolean cutsCommit = new AtomicBoolean();
    private final AtomicReference<Runnable> whenLooked = new AtomicReference<>(() -> {});

    static List<Database> databases() {
        return Database.available();
    }

    /** Loses a connection behind a commit, and tells when a process has looked which runs it has. */
    private DataSource watched(DataSource source) {
        return Proxies.of(DataSource.class, source, (method, arguments, original) -> {
            Object result = original.call();
            return result instanceof Connection connection ? watched(connection) : result;
        });
    }

    private Connection watched(Connection connection) {
        AtomicBoolean claims = new AtomicBoolean();
        AtomicBoolean looks = new AtomicBoolean();
        return Proxies.of(Connection.class, connection, (method, arguments, original) -> {
            if (method.getName().equals("prepareStatement")) {
                String sql = String.valueOf(arguments[0]);
                claims.set(claims.get() || sql.contains("due = NULL"));
                looks.set(looks.get() || sql.contains("crashes, due FROM") && sql.endsWith("WHERE owner = ?"));
                return PreparedStatement.class.cast(original.call());
            }
            Object result = original.call();
            if (method.getName().equals("commit") && claims.get() && cutsCommit.getAndSet(false)) {
                connection.close();
                throw new SQLException("The connection was cut by the test", "08006");
            }
            if (method.getName().equals("commit") && looks.getAndSet(false)) {
                whenLooked.getAndSet(() -> {}).run();
            }
            return result;
        });
    }

    private static String start(WorkflowEngine asks, String name) {
        Workflow workflow =
                Workflow.builder(name).start(Nodes.node("step", "step")).build();
        return asks.start(workflow, null).id();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void aRunThatIsLetGoOfMeanwhileIsNotTakenForAForgottenOne(Database database) {
        try (HikariDataSource source = database.fresh()) {
            JdbcWorkflowStore plain = JdbcWorkflowStore.create(source);
            JdbcWorkflowStore store = JdbcWorkflowStore.builder(watched(source))
                    .schemaMode(SchemaMode.NONE)
                    .build();
            try (WorkflowEngine asks = WorkflowEngine.builder()
                            .store(plain)
                            .node("step", call -> null)
                            .worker(false)
                            .build();
                    StoreMember member = store.join("works", () -> Micros.of(Instant.now()))) {
                String first = start(asks, "one");
                List<ClaimedRun> had = member.claim(10, workflow -> true);
                assertThat(had).extracting(ClaimedRun::id).containsExactly(first);

                String second = start(asks, "two");
                cutsCommit.set(true);
                assertThat(member.claim(10, workflow -> true))
                        .as("nobody knows that it was taken")
                        .isEmpty();
                assertThat(cutsCommit).isFalse();

                whenLooked.set(() -> member.putAside(had.get(0).number(), "let go of by the test"));
                assertThat(member.claim(10, workflow -> true))
                        .extracting(ClaimedRun::id)
                        .containsExactly(second);
                assertThat(member.claim(10, workflow -> true)).isEmpty();
            }
        }
    }
}
