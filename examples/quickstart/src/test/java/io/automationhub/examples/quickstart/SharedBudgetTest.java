package io.automationhub.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.budget.Budget;
import io.automationhub.ai.budget.Budgets;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two engines with one database, as two processes have it, keep to a budget of models together. */
class SharedBudgetTest {

    private static final Budget CALLS = Budget.of(json("{'id': 'calls', 'per': 'tenant', 'calls': 10}"));

    private final JdbcDataSource database = new JdbcDataSource();
    private final List<WorkflowEngine> engines = new ArrayList<>();
    private final List<AiModule> modules = new ArrayList<>();

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    @BeforeEach
    void start() {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        for (int i = 0; i < 2; i++) {
            JdbcWorkflowStore store = JdbcWorkflowStore.create(database);
            AiModule ai = AiModule.builder(ConnectorsModule.create())
                    .inPlaceOfAll(ScriptedProvider.of(json("{'rules': [{'text': 'Hello'}]}")))
                    .documents(store.documents())
                    .budget(CALLS)
                    .build();
            modules.add(ai);
            engines.add(WorkflowEngine.builder().store(store).install(ai).build());
        }
    }

    @AfterEach
    void stop() {
        engines.forEach(WorkflowEngine::close);
    }

    @Test
    void togetherTheyAskNoMoreThanThereIs() {
        Workflow workflow = Workflow.builder("greet")
                .start(NodeSpec.of("ask", "ai.prompt").with("model", "m").with("prompt", "Hi"))
                .build();
        List<ExecutionHandle> runs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            for (WorkflowEngine engine : engines) {
                runs.add(engine.start(workflow, JsonObject.EMPTY));
            }
        }
        int answered = 0;
        for (ExecutionHandle run : runs) {
            WorkflowExecution ended = run.await(Duration.ofSeconds(60));
            if (ended.isSucceeded()) {
                answered++;
            } else {
                assertThat(ended.error().orElseThrow().kind()).isEqualTo("budget");
            }
        }
        assertThat(answered).isEqualTo(10);
        Budgets.Spender anybody = new Budgets.Spender(WorkflowEngine.DEFAULT_TENANT, "", "", "");
        assertThat(modules.get(1)
                        .budgets()
                        .status(CALLS, anybody, Instant.now())
                        .calls())
                .isEqualTo(10);
    }
}
