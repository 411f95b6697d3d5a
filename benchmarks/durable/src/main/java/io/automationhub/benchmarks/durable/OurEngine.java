package io.automationhub.benchmarks.durable;

import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.util.concurrent.CompletionStage;
import javax.sql.DataSource;

/** This engine with its JDBC store: durability {@code durable}, full history, every step on a thread of its own. */
final class OurEngine implements Contender {

    private final WorkflowEngine engine;
    private final Workflow chain;

    OurEngine(DataSource source) {
        engine = WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(source))
                .node("step", call -> (Long) call.previous() + 1)
                .build();
        WorkflowBuilder steps = Workflow.builder("chain").start(node("s0", "step"));
        for (int i = 1; i < STEPS; i++) {
            steps.then(node("s" + i, "step"));
        }
        chain = steps.build();
    }

    @Override
    public String name() {
        return "this engine";
    }

    @Override
    public CompletionStage<?> start() {
        return engine.start(chain, 0L).completion().thenAccept(OurEngine::check);
    }

    private static void check(WorkflowExecution ended) {
        Contender.check(ended.output());
    }

    @Override
    public void close() {
        engine.close();
    }
}
