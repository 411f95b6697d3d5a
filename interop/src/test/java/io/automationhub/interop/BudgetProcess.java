package io.automationhub.interop;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.budget.Budget;
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
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/** A process of {@link BudgetProcessesTest}: asks a scripted model by runs of its own, and says how each of them ended. */
final class BudgetProcess {

    /** Forty requests a year, by all of them. */
    static final Budget BUDGET =
            Budget.of(json("{'id': 'calls', 'per': 'tenant', 'period': 'year', 'zone': 'Europe/Berlin', 'calls': 40}"));

    private static final int RUNS = 30;

    private BudgetProcess() {}

    static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    /** @param args the database */
    public static void main(String[] args) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(args[0]);
        JdbcWorkflowStore store = JdbcWorkflowStore.create(database);
        AiModule ai = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(json("{'rules': [{'text': 'Hello', 'delay': '1s'}]}")))
                .documents(store.documents())
                .budget(BUDGET)
                .build();
        // Runs stay with the process that started them, so that each can say how its own ended.
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .store(store)
                .install(ai)
                .leaseTime(Duration.ofMinutes(10))
                .build()) {
            Workflow workflow = Workflow.builder("greet")
                    .start(NodeSpec.of("ask", "ai.prompt").with("model", "m").with("prompt", "Hi"))
                    .build();
            List<ExecutionHandle> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                runs.add(engine.start(workflow, JsonObject.EMPTY));
            }
            for (ExecutionHandle run : runs) {
                WorkflowExecution ended = run.await(Duration.ofSeconds(90));
                System.out.println(
                        ended.isSucceeded()
                                ? "answered"
                                : ended.error().orElseThrow().kind());
            }
        }
    }
}
