package io.automationhub.benchmarks.memory;

import io.serverlessworkflow.api.types.CallFunction;
import io.serverlessworkflow.api.types.TaskBase;
import io.serverlessworkflow.impl.TaskContext;
import io.serverlessworkflow.impl.WorkflowContext;
import io.serverlessworkflow.impl.WorkflowDefinition;
import io.serverlessworkflow.impl.WorkflowModel;
import io.serverlessworkflow.impl.WorkflowMutablePosition;
import io.serverlessworkflow.impl.executors.CallableTask;
import io.serverlessworkflow.impl.executors.CallableTaskBuilder;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The SDK finds this as a service: {@code call: inc} adds one to {@code v} in Java. */
public final class IncrementTask implements CallableTaskBuilder<CallFunction> {

    @Override
    public boolean accept(Class<? extends TaskBase> type) {
        return type.equals(CallFunction.class);
    }

    @Override
    public void init(CallFunction task, WorkflowDefinition definition, WorkflowMutablePosition position) {}

    @Override
    public CallableTask build() {
        return IncrementTask::increment;
    }

    private static CompletableFuture<WorkflowModel> increment(
            WorkflowContext workflow, TaskContext task, WorkflowModel input) {
        long v = ((Number) input.asMap().orElseThrow().get("v")).longValue();
        Map<String, Object> next = Map.of("v", PlainJava.STEPS[(int) v & 3].applyAsLong(v));
        return CompletableFuture.completedFuture(
                workflow.definition().application().modelFactory().from(next));
    }

    @Override
    public int priority() {
        return 0;
    }
}
