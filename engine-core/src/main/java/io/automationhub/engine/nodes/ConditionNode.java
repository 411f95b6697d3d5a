package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code condition}: goes on by {@code true} or {@code false}, and passes {@code previous} through. */
final class ConditionNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Condition",
                "logic",
                "Goes one of two ways, as an expression or a list of conditions says.",
                "split",
                List.of("true", "false"),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false,
                     'properties': {
                       'when': {'type': ['string', 'boolean'], 'x-content': 'expression', 'x-lazy': true,
                                'description': 'What decides.'},
                       'match': {'enum': ['all', 'any'], 'x-content': 'literal', 'default': 'all'},
                       'conditions': {'type': 'array', 'x-lazy': true, 'minItems': 1, 'items': {
                         'type': 'object', 'additionalProperties': false, 'required': ['left', 'op'],
                         'properties': {'left': {}, 'right': {},
                           'op': {'x-content': 'literal', 'enum': ['equals', 'notEquals', 'greater', 'greaterOrEqual',
                             'less', 'lessOrEqual', 'contains', 'startsWith', 'endsWith', 'matches', 'in', 'empty',
                             'notEmpty']}}}}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return ConfigSchemas.exactlyOne(node, "when", "conditions");
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        boolean holds =
                node.config().containsKey("when") ? Truth.of(context.evaluate("when")) : conditionsHold(node, context);
        return NodeResult.completed(context.previous(), holds ? Truth.TRUE : Truth.FALSE);
    }

    private static boolean conditionsHold(WorkflowNode node, ExecutionContext context) {
        boolean any = "any".equals(node.config().get("match"));
        int count = node.config().get("conditions") instanceof JsonArray conditions ? conditions.size() : 0;
        for (int i = 0; i < count; i++) {
            if (holds(context, i) == any) {
                return any;
            }
        }
        return !any;
    }

    private static boolean holds(ExecutionContext context, int at) {
        String operator = String.valueOf(context.evaluate("conditions", at, "op"));
        Object left = context.evaluate("conditions", at, "left");
        @Nullable Object right = context.evaluate("conditions", at, "right");
        return Comparison.of(operator).holds(left, right);
    }
}
