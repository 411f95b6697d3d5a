package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * {@code switch}: goes on by the handle of the first case that holds, or of all that hold; by {@code default} if none
 * does. Passes {@code previous} through. Cases are evaluated in order, and in mode {@code first} not beyond the first
 * that holds.
 */
final class SwitchNode implements NodeExecutor {

    private static final String DEFAULT = "default";

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Switch",
                "logic",
                "Goes the way of the first case that holds, or of all that hold.",
                "route",
                List.of(DEFAULT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['cases'],
                     'examples': [{'cases': [{'handle': 'urgent', 'when': 'input.priority > 7'},
                       {'handle': 'known', 'when': 'input.customer != null'}]}],
                     'properties': {
                       'mode': {'enum': ['first', 'all'], 'x-content': 'literal', 'default': 'first',
                                'description': 'Whether it goes the way of the first case that holds, or of all that do.'},
                       'cases': {'type': 'array', 'x-lazy': true, 'description': 'The ways.', 'items': {
                         'type': 'object', 'additionalProperties': false, 'required': ['handle', 'when'],
                         'properties': {
                           'handle': {'type': 'string', 'minLength': 1, 'x-content': 'literal',
                                      'description': 'The way that the node goes on by.'},
                           'when': {'type': ['string', 'boolean'], 'x-content': 'expression',
                                    'description': 'Whether it goes this way.'}}}}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<String> handles(WorkflowNode node) {
        Set<String> handles = new LinkedHashSet<>();
        for (Object each : cases(node)) {
            if (each instanceof JsonObject one && one.get("handle") instanceof String handle) {
                handles.add(handle);
            }
        }
        handles.add(DEFAULT);
        return List.copyOf(handles);
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        JsonArray cases = cases(node);
        for (int i = 0; i < cases.size(); i++) {
            Object handle = cases.get(i) instanceof JsonObject one ? one.get("handle") : null;
            if (handle != null && !seen.add(handle)) {
                problems.add(Problem.of(
                        ProblemCode.DUPLICATE_HANDLE,
                        "/cases/" + i + "/handle",
                        node.id(),
                        "Two cases have the handle '" + handle + "'",
                        "join their expressions with ||, or rename one"));
            }
        }
        return problems;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return previous;
    }

    @Override
    public boolean takesSeveralHandles(WorkflowNode node) {
        return "all".equals(node.config().get("mode"));
    }

    @Override
    public boolean passesThrough() {
        return true;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        boolean all = "all".equals(node.config().get("mode"));
        JsonArray cases = cases(node);
        List<String> taken = new ArrayList<>();
        for (int i = 0; i < cases.size() && (all || taken.isEmpty()); i++) {
            if (Truth.of(context.evaluate("cases", i, "when"))) {
                taken.add(String.valueOf(context.evaluate("cases", i, "handle")));
            }
        }
        return NodeResult.completed(context.previous(), taken.isEmpty() ? List.of(DEFAULT) : taken);
    }

    private static JsonArray cases(WorkflowNode node) {
        return node.config().get("cases") instanceof JsonArray cases ? cases : JsonArray.EMPTY;
    }
}
