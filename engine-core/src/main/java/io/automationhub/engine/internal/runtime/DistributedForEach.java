package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.event.GroupPart;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.internal.machine.OnItemError;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A {@code forEach} whose iterations are runs of their own: it begins a batch of them, waits for all, keeps what they came to,
 * and goes on with the next batch. So it wakes once for a batch, however many items there are.
 */
final class DistributedForEach implements NodeExecutor {

    static final DistributedForEach INSTANCE = new DistributedForEach();

    /** The field of the rendered configuration that has what the body reads of what stands around it. */
    static final String CAPTURED = "captured";

    private static final NodeMetadata METADATA = NodeMetadata.HOST.withTraits(NodeTraits.EFFECTFUL_BLOCKING);

    private DistributedForEach() {}

    @Override
    public NodeMetadata metadata() {
        return METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        Attempt attempt = (Attempt) context;
        JsonArray items = GroupRuns.items(node.id(), context.config());
        int size = GroupRuns.parallel(node.id(), context.config());
        OnItemError policy = GroupProgram.onItemError(node);
        int batch = 0;
        if (context.wake().orElse(null) instanceof Woken.ByIterations ended) {
            batch = Integer.parseInt(ended.name());
            JsonArray results = results(ended.ended(), policy);
            context.once(ended.name(), () -> results);
            batch++;
        }
        return (long) batch * size >= items.size()
                ? NodeResult.completed(all(context, batch, policy))
                : NodeResult.suspended(batch(attempt, node, items, size, batch, policy));
    }

    private static Wake batch(
            Attempt attempt, WorkflowNode node, JsonArray items, int size, int batch, OnItemError policy) {
        ChildRuns children = attempt.execution.runtime().children();
        children.checkDepth(attempt.execution, "distribute '" + node.id() + "'");
        JsonArray captured = attempt.config().get(CAPTURED) instanceof JsonArray known ? known : JsonArray.of();
        List<Wake.Iteration> runs = new ArrayList<>();
        for (int index = batch * size; index < Math.min(items.size(), (batch + 1L) * size); index++) {
            String id = ChildRuns.id(attempt.idempotencyKey() + "/" + attempt.attempt() + "/" + index);
            runs.add(new Wake.Iteration(id, new GroupPart(node.id(), index, items.get(index), captured)));
        }
        return new Wake.Iterations(Integer.toString(batch), runs, policy == OnItemError.FAIL);
    }

    /** What became of the runs of a batch; with the policy {@code fail} an item that failed fails the group. */
    private static JsonArray results(List<Woken.EndedIteration> ended, OnItemError policy) {
        List<JsonObject> results = new ArrayList<>();
        for (Woken.EndedIteration iteration : ended) {
            Woken.ByChild run = iteration.run();
            boolean succeeded = run.status() == ExecutionStatus.SUCCEEDED;
            if (!succeeded && policy == OnItemError.FAIL) {
                ExecutionError error = error(run, iteration.index());
                throw new NonRetriableException(error.kind(), error.message(), error.details(), null);
            }
            JsonObject.Builder result = JsonObject.builder()
                    .put("index", iteration.index())
                    .put("status", succeeded ? "succeeded" : "failed");
            results.add((succeeded
                            ? result.put("output", run.output())
                            : result.put("error", error(run, iteration.index()).toJson()))
                    .build());
        }
        return JsonArray.of(results.toArray());
    }

    private static ExecutionError error(Woken.ByChild run, int index) {
        ExecutionError error = run.error() == null
                ? ExecutionError.of(ExecutionError.KIND_ERROR, "The iteration ended as " + run.status(), null)
                : run.error();
        JsonObject details = error.details().with("index", index).with("execution", run.execution());
        return new ExecutionError(error.kind(), error.message(), error.node(), details);
    }

    private static JsonArray all(ExecutionContext context, int batches, OnItemError policy) {
        List<Object> all = new ArrayList<>();
        for (int batch = 0; batch < batches; batch++) {
            Object results = context.once(Integer.toString(batch), () -> {
                throw new IllegalStateException("The results of a batch are kept before the next one begins");
            });
            for (Object result : (JsonArray) Objects.requireNonNull(results)) {
                JsonObject entry = (JsonObject) result;
                all.add(policy == OnItemError.COLLECT ? entry : entry.get("output"));
            }
        }
        return JsonArray.of(all.toArray());
    }
}
