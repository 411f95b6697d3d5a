package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.expression.ExpressionException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
                     'examples': [{'when': 'input.total > 100'},
                       {'match': 'any', 'conditions': [{'left': '{{input.mail}}', 'op': 'endsWith', 'right': '@example.com'},
                         {'left': '{{input.tags}}', 'op': 'empty'}]}],
                     'properties': {
                       'when': {'type': ['string', 'boolean'], 'x-content': 'expression', 'x-lazy': true,
                                'description': 'What decides.'},
                       'match': {'enum': ['all', 'any'], 'x-content': 'literal', 'default': 'all',
                                 'description': 'Whether all of the conditions must hold, or one.'},
                       'conditions': {'type': 'array', 'x-lazy': true, 'description': 'What decides, instead of when.', 'minItems': 1, 'items': {
                         'type': 'object', 'additionalProperties': false, 'required': ['left', 'op'],
                         'properties': {
                           'left': {'description': 'What is compared.'},
                           'op': {'x-content': 'literal', 'enum': ['%s'], 'description': 'How.'},
                           'right': {'description': 'What it is compared with; not for empty and exists.'},
                           'ignoreCase': {'type': 'boolean', 'x-content': 'literal', 'default': false,
                             'description': 'Whether capital and small letters are taken for the same.'}}}}}}
                    """.formatted(String.join("', '", Comparison.texts()))),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>(ConfigSchemas.exactlyOne(node, "when", "conditions"));
        if (node.config().get("conditions") instanceof JsonArray conditions) {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i) instanceof JsonObject condition) {
                    validate(node, condition, i, problems);
                }
            }
        }
        return problems;
    }

    private static void validate(WorkflowNode node, JsonObject condition, int at, List<Problem> problems) {
        Comparison.of(condition.get("op")).ifPresent(comparison -> {
            String message = problem(comparison, condition);
            if (message != null) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_CONFIG,
                        "/conditions/" + at + "/right",
                        node.id(),
                        message,
                        "docs/expressions.md has a table of all operators"));
            }
        });
    }

    private static @Nullable String problem(Comparison comparison, JsonObject condition) {
        boolean given = condition.containsKey("right");
        if (comparison.isUnary() == given) {
            return "'" + comparison.text() + "' needs " + (given ? "no" : "a") + " right side";
        }
        Object right = condition.get("right");
        boolean constant = given && !Json.toText(right).contains("{{");
        return constant ? comparison.problemWith(right) : null;
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return previous;
    }

    @Override
    public boolean passesThrough() {
        return true;
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
        Object operator = context.evaluate("conditions", at, "op");
        Comparison comparison = Comparison.of(operator)
                .orElseThrow(() -> new NonRetriableException(
                        ExecutionError.KIND_CONFIG, "There is no operator '" + operator + "'", null));
        boolean fold = Boolean.TRUE.equals(context.evaluate("conditions", at, "ignoreCase"));
        Object left = left(comparison, context, at);
        Object right = comparison.isUnary() ? null : context.evaluate("conditions", at, "right");
        boolean pattern = comparison == Comparison.MATCHES || comparison == Comparison.NOT_MATCHES;
        return fold
                ? comparison.holds(pattern ? left : folded(left), pattern ? "(?i)" + right : folded(right))
                : comparison.holds(left, right);
    }

    /** What is asked only whether it is there may be absent at any depth. */
    private static @Nullable Object left(Comparison comparison, ExecutionContext context, int at) {
        try {
            return context.evaluate("conditions", at, "left");
        } catch (ExpressionException e) {
            if (comparison.isUnary() && e.isAbsence()) {
                return null;
            }
            throw e;
        }
    }

    private static @Nullable Object folded(@Nullable Object value) {
        if (value instanceof String text) {
            return text.toLowerCase(Locale.ROOT);
        }
        return value instanceof JsonArray list ? JsonArray.of(list, ConditionNode::folded) : value;
    }
}
