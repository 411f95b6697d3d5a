package io.automationhub.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.Micros;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.store.ExecutionHistory;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.RunCommit;
import io.automationhub.engine.store.StoreMember;
import io.automationhub.engine.store.WorkflowStore;
import io.automationhub.engine.testkit.WorkflowStoreContract;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("databases")
class WorkflowStoreTest extends WorkflowStoreContract {

    private final HikariDataSource source;
    private final JdbcWorkflowStore store;
    private final StoreMember member;

    WorkflowStoreTest(Database database) {
        source = database.fresh();
        store = JdbcWorkflowStore.create(source);
        member = store.join("test", () -> Micros.of(Instant.now()));
    }

    static List<Database> databases() {
        return Database.available();
    }

    @Override
    protected WorkflowStore store() {
        return store;
    }

    /** In one turn, as the engine does it with a run that waits for nothing. */
    @Override
    protected void keep(WorkflowStore ignored, ExecutionHistory run) {
        ExecutionRecord record = run.record();
        List<ExecutionFact> facts = new ArrayList<>();
        facts.add(new ExecutionFact.RunStarted(
                record.startedAt(),
                null,
                record.input(),
                JsonObject.EMPTY,
                0,
                null,
                0,
                null,
                false,
                null,
                null,
                record.tags()));
        for (NodeExecution node : run.nodes()) {
            facts.add(new ExecutionFact.NodeEnded(
                    record.startedAt(),
                    node.node(),
                    node.iteration(),
                    node.attempt(),
                    node.status(),
                    node.startedAt(),
                    node.handles(),
                    node.output(),
                    node.error(),
                    node.variables(),
                    null));
        }
        facts.add(
                new ExecutionFact.RunEnded(record.startedAt(), record.status(), record.output(), record.error(), null));
        Kept kept = new Kept();
        member.commit(
                List.of(new RunCommit(
                        run.tenant(),
                        run.id(),
                        member.nextNumber(),
                        run.workflow(),
                        record.startedAt(),
                        0,
                        facts,
                        run.logs(),
                        record.status(),
                        record.variables(),
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of())),
                kept);
        assertThat(kept.outcome)
                .succeedsWithin(java.time.Duration.ofSeconds(20))
                .isEqualTo("durable");
    }

    private static final class Kept implements StoreMember.Outcome {

        private final CompletableFuture<String> outcome = new CompletableFuture<>();

        @Override
        public void durable() {
            outcome.complete("durable");
        }

        @Override
        public void repeated(String first) {
            outcome.complete("repeated: " + first);
        }

        @Override
        public void fenced() {
            outcome.complete("fenced");
        }

        @Override
        public void refused(RuntimeException cause) {
            outcome.completeExceptionally(cause);
        }
    }

    @AfterEach
    void leave() {
        member.close();
        source.close();
    }
}
