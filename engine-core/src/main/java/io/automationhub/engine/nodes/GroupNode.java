package io.automationhub.engine.nodes;

import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is known about a type of group. Groups are run by the machine itself, so no executor is ever called. */
final class GroupNode implements NodeExecutor {
    static final GroupNode FOR_EACH = new GroupNode(
            "For each",
            "Runs what is in it for each item of a list, and gives the list of the results.",
            "repeat",
            """
            {'type': 'object', 'additionalProperties': false, 'required': ['items'],
             'examples': [{'items': 'input.orders', 'parallel': 4, 'onItemError': 'collect'}],
             'properties': {
               'items': {'x-content': 'expression', 'type': ['string', 'array'],
                         'description': 'The list. Inside, item is the element and index its position.'},
               'parallel': {'type': 'integer', 'minimum': 1, 'default': 1,
                            'description': 'How many items may be under way at the same time.'},
               'distribute': {'type': 'boolean', 'default': false, 'x-content': 'literal',
                 'description': 'Whether each iteration is a run of its own. Then parallel of them are a batch, and the next batch begins when all have ended.'},
               'onItemError': {'enum': ['fail', 'continue', 'collect'], 'default': 'fail', 'x-content': 'literal',
                 'description': 'What follows if an item fails: fail cancels the others; continue has null for it, and the error in nodes.x.errors; collect gives {index, status, output or error} for each item.'},
               %s}}
            """);

    static final GroupNode LOOP = new GroupNode(
            "Loop", "Repeats what is in it as long as a condition holds, or until one does.", "loop", """
            {'type': 'object', 'additionalProperties': false,
             'examples': [{'while': 'index == 0 || last.next != null', 'maxIterations': 50}, {'until': 'last.done'}],
             'properties': {
               'while': {'x-content': 'expression', 'type': ['string', 'boolean'],
                 'description': 'Asked before each iteration; last is the result of the one before, null at first.'},
               'until': {'x-content': 'expression', 'type': ['string', 'boolean'],
                 'description': 'Asked after each iteration; last is its result.'},
               'maxIterations': {'type': 'integer', 'minimum': 1, 'maximum': 1000000000, 'default': 1000, 'x-content': 'literal',
                 'description': 'Beyond so many iterations the loop fails with the kind loop-limit.'},
               %s}}
            """);

    static final GroupNode SCOPE = new GroupNode(
            "Scope",
            "Runs what is in it once, and is the border of its errors: it may be retried as a whole.",
            "box",
            """
            {'type': 'object', 'additionalProperties': false, 'examples': [{'variables': {'tries': {'type': 'integer', 'default': 0}}}],
             'properties': {%s}}
            """);

    private static final String COMMON = """
            'output': {'description': 'The result of an iteration; without it, the output of the last node in it.'},
            'variables': {'type': 'object', 'x-content': 'literal',
              'description': 'Variables that each iteration has for itself, declared like those of the workflow.'}""";

    private final String title;
    private final String description;
    private final String icon;
    private final String schema;
    private volatile @Nullable NodeMetadata metadata;

    private GroupNode(String title, String description, String icon, String schema) {
        this.title = title;
        this.description = description;
        this.icon = icon;
        this.schema = schema;
    }

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    @Override
    public NodeMetadata metadata() {
        NodeMetadata known = metadata;
        if (known == null) {
            known = new NodeMetadata(
                    title,
                    "group",
                    description,
                    icon,
                    List.of(WorkflowEdge.OUT),
                    ConfigSchemas.of(schema.formatted(COMMON)),
                    NodeTraits.PURE_INLINE);
            metadata = known;
        }
        return known;
    }

    @Override
    public List<Problem> validate(WorkflowNode node) {
        return this == LOOP ? ConfigSchemas.exactlyOne(node, Groups.WHILE, Groups.UNTIL) : List.of();
    }

    @Override
    public JsonObject outputSchema(WorkflowNode node, JsonObject previous) {
        return JsonObject.EMPTY;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        throw new IllegalStateException("The group '" + node.id() + "' is run by the machine");
    }
}
