package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.event.RunOrigin;
import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Runs an ended run again, as a new one: whole, from some node on, or what of it did not succeed. Node runs that ended, were
 * not undone, and do not depend on what runs again are copied.
 */
final class Reruns {

    private static final int PAGE = 1000;

    private final EngineRuntime runtime;

    Reruns(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    RunHandle start(RerunRequest request) {
        if (runtime.handle(request.tenant(), request.execution()).isPresent()) {
            throw refused(request, "it has not ended; wait for its end, or cancel it first");
        }
        ExecutionRecord record = runtime.store()
                .find(request.tenant(), request.execution())
                .orElseThrow(() -> refused(request, "there is no such run, or its history was forgotten"));
        Workflow workflow = runtime.store()
                .workflow(request.tenant(), request.execution())
                .orElseThrow(() -> refused(request, "its workflow was forgotten"));
        refusePart(request, record, workflow);
        Map<String, NodeExecution> before = outermost(request, workflow);
        Set<String> again = again(request, workflow, before);
        List<NodeExecution> copied = new ArrayList<>();
        for (NodeExecution node : before.values()) {
            if (!again.contains(node.node())) {
                copied.add(edited(request, node));
            }
        }
        refuseUnusedEdits(request, copied);
        StartRequest start = StartRequest.of(
                workflow,
                request.tenant(),
                request.editsInput() ? request.input() : record.input(),
                record.trigger(),
                record.startVariables(),
                record.tags());
        RunOrigin origin = new RunOrigin(RunOrigin.Kind.RERUN, record.id(), request.from(), "", 0);
        return runtime.starts().start(start, new CopiedNodes(copied), origin);
    }

    /** An iteration of a distributed group is no run of its whole workflow. */
    private static void refusePart(RerunRequest request, ExecutionRecord record, Workflow workflow) {
        RunOrigin origin = record.origin();
        if (origin == null || origin.kind() != RunOrigin.Kind.CALL || origin.node() == null) {
            return;
        }
        if (workflow.node(origin.node()).filter(Groups::isDistributed).isPresent()) {
            throw refused(
                    request,
                    "it is an iteration of the distributed group '" + origin.node() + "' of the execution '"
                            + origin.execution() + "'; run that again");
        }
    }

    /** The last run of each node that stands in no group, in the order in which they ended. */
    private Map<String, NodeExecution> outermost(RerunRequest request, Workflow workflow) {
        Map<String, NodeExecution> ended = new LinkedHashMap<>();
        String cursor = null;
        do {
            var page = runtime.store().nodes(request.tenant(), request.execution(), cursor, PAGE);
            for (NodeExecution node : page.items()) {
                if (node.iteration().isEmpty()) {
                    ended.put(node.node(), node);
                }
            }
            cursor = page.next();
        } while (cursor != null);
        for (WorkflowNode node : workflow.nodes()) {
            String handler = node.compensateWith();
            NodeExecution undo = handler == null ? null : ended.remove(handler);
            if (undo != null) {
                ended.remove(node.id());
            }
        }
        return ended;
    }

    /** The nodes that run again, with all that depends on them. */
    private static Set<String> again(RerunRequest request, Workflow workflow, Map<String, NodeExecution> before) {
        String from = request.from();
        if (from == null && !request.onlyFailed()) {
            return new HashSet<>(before.keySet());
        }
        Set<String> again = new HashSet<>();
        if (from != null) {
            WorkflowNode node = node(request, workflow, from);
            again.add(node.id());
        }
        Map<String, List<String>> successors = new HashMap<>();
        for (WorkflowEdge edge : workflow.edges()) {
            successors
                    .computeIfAbsent(edge.source(), source -> new ArrayList<>())
                    .add(edge.target());
        }
        for (WorkflowNode node : workflow.nodes()) {
            NodeExecution known = before.get(node.id());
            if (workflow.enclosingGroup(node).isEmpty()
                    && !workflow.isCompensation(node)
                    && (known == null || !hasEndedWell(known) || NodeTypes.isEnd(node.type()))
                    && !(known != null
                            && known.status() == NodeStatus.CANCELLED
                            && isCancelledByJoin(workflow, successors, before, node.id()))) {
                again.add(node.id());
            }
        }
        Deque<String> next = new ArrayDeque<>(again);
        while (!next.isEmpty()) {
            for (String target : successors.getOrDefault(next.remove(), List.of())) {
                if (again.add(target)) {
                    next.add(target);
                }
            }
        }
        return again;
    }

    private static WorkflowNode node(RerunRequest request, Workflow workflow, String id) {
        Optional<WorkflowNode> found = workflow.node(id);
        if (found.isEmpty()) {
            throw refused(
                    request,
                    "its workflow '" + workflow.id() + "' has no node '" + id + "'"
                            + NearestName.hint(
                                    id,
                                    workflow.nodes().stream()
                                            .map(WorkflowNode::id)
                                            .toList()));
        }
        Optional<String> group = workflow.enclosingGroup(found.get());
        if (group.isPresent()) {
            throw refused(
                    request,
                    "the node '" + id + "' stands in the group '" + group.get() + "'; run that again as a whole");
        }
        if (workflow.isCompensation(found.get())) {
            throw refused(request, "the node '" + id + "' runs only to undo what another one did");
        }
        return found.get();
    }

    private static boolean hasEndedWell(NodeExecution node) {
        return node.status() == NodeStatus.SUCCEEDED
                || node.status() == NodeStatus.SKIPPED
                || node.status() == NodeStatus.FAILED && !node.handles().isEmpty();
    }

    /** Whether a join that did not need the node any more cancelled it, and has succeeded. */
    private static boolean isCancelledByJoin(
            Workflow workflow, Map<String, List<String>> successors, Map<String, NodeExecution> before, String id) {
        Deque<String> next = new ArrayDeque<>(List.of(id));
        Set<String> seen = new HashSet<>();
        while (!next.isEmpty()) {
            for (String target : successors.getOrDefault(next.remove(), List.of())) {
                NodeExecution join = before.get(target);
                boolean cancels =
                        workflow.node(target).map(WorkflowNode::cancelRest).orElse(false);
                if (cancels && join != null && hasEndedWell(join)) {
                    return true;
                }
                if (seen.add(target)) {
                    next.add(target);
                }
            }
        }
        return false;
    }

    private NodeExecution edited(RerunRequest request, NodeExecution node) {
        if (!request.outputs().containsKey(node.node())) {
            return node;
        }
        if (node.status() != NodeStatus.SUCCEEDED) {
            throw refused(
                    request,
                    "the output of the node '" + node.node()
                            + "' cannot be edited, because it has not succeeded, but is "
                            + node.status().text());
        }
        @Nullable Object output = Json.of(request.outputs().get(node.node()), runtime.limits());
        return new NodeExecution(
                node.node(),
                node.iteration(),
                node.attempt(),
                node.status(),
                node.startedAt(),
                node.endedAt(),
                output,
                node.error(),
                node.handles(),
                node.variables(),
                node.failedAttempts());
    }

    private static void refuseUnusedEdits(RerunRequest request, List<NodeExecution> copied) {
        Set<String> ids = new HashSet<>();
        copied.forEach(node -> ids.add(node.node()));
        for (String id : request.outputs().keySet()) {
            if (!ids.contains(id)) {
                throw refused(
                        request,
                        "the output of the node '" + id + "' cannot be edited, because the node runs again; copied are "
                                + ids);
            }
        }
    }

    private static EngineException refused(RerunRequest request, String why) {
        return new EngineException("Cannot run execution '" + request.execution() + "' again: " + why);
    }
}
