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

/** The SDK finds this as a service: {@code call: inc} adds one to {@code v} in Java, and {@code call: sum} joins. */
public final class IncrementTask implements CallableTaskBuilder<CallFunction> {

    @Override
    public boolean accept(Class<? extends TaskBase> type) {
        return type.equals(CallFunction.class);
    }

    private boolean sums;

    @Override
    public void init(CallFunction task, WorkflowDefinition definition, WorkflowMutablePosition position) {
        sums = task.getCall().equals("sum");
    }

    @Override
    public CallableTask build() {
        return sums ? IncrementTask::sum : IncrementTask::increment;
    }

    private static CompletableFuture<WorkflowModel> increment(
            WorkflowContext workflow, TaskContext task, WorkflowModel input) {
        long v = value(input);
        return result(workflow, PlainJava.STEPS[(int) v & 3].applyAsLong(v));
    }

    /** Adds up what the branches of a fork brought: a list of objects, each by the name of its branch. */
    private static CompletableFuture<WorkflowModel> sum(
            WorkflowContext workflow, TaskContext task, WorkflowModel input) {
        long sum = 0;
        for (WorkflowModel branch : input.asCollection()) {
            Object state = branch.asMap().orElseThrow().values().iterator().next();
            sum += state instanceof Map<?, ?> named
                    ? ((Number) named.get("v")).longValue()
                    : ((Number) state).longValue();
        }
        return result(workflow, sum);
    }

    private static long value(WorkflowModel input) {
        return ((Number) input.asMap().orElseThrow().get("v")).longValue();
    }

    private static CompletableFuture<WorkflowModel> result(WorkflowContext workflow, long v) {
        Map<String, Object> next = Map.of("v", v);
        return CompletableFuture.completedFuture(
                workflow.definition().application().modelFactory().from(next));
    }

    @Override
    public int priority() {
        return 0;
    }
}
