package io.automationhub.engine.nodes;

import io.automationhub.engine.event.Wake;
import io.automationhub.engine.event.Woken;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;

/** {@code approval}: waits, without a thread, until somebody decides, or for a time at most. */
final class ApprovalNode implements NodeExecutor {

    private static final String APPROVED = "approved";
    private static final String REJECTED = "rejected";
    private static final String TIMEOUT = "timeout";

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "Approval",
                        "flow",
                        "Waits until somebody approves or rejects, or for a time at most.",
                        "stamp",
                        List.of(APPROVED, REJECTED, TIMEOUT),
                        ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false, 'required': ['title'],
                     'examples': [{'title': 'Refund {{input.amount}} to {{input.customer}}?', 'assignees': ['finance'],
                                   'expires': '2d',
                                   'form': {'type': 'object', 'required': ['reason'],
                                            'properties': {'reason': {'type': 'string'}}}}],
                     'properties': {
                       'title': {'type': 'string', 'minLength': 1, 'description': 'What is to be decided.'},
                       'description': {'type': 'string', 'description': 'What helps to decide.'},
                       'assignees': {'type': 'array', 'items': {'type': 'string', 'minLength': 1},
                                     'description': 'Who is asked: names or groups of the host application.'},
                       'form': {'type': 'object', 'x-content': 'literal',
                                'description': 'A JSON Schema that the data of an approval must match.'},
                       'expires': {'type': ['string', 'object'], 'x-format': 'duration',
                                   'description': 'How long at most; then it goes on by timeout, and its output is null.'}}}
                    """),
                        NodeTraits.PURE_INLINE)
                .withOutputSchema(ConfigSchemas.of("""
                    {'type': ['object', 'null'], 'additionalProperties': false, 'properties': {
                      'approved': {'type': 'boolean'}, 'by': {'type': ['string', 'null']},
                      'comment': {'type': ['string', 'null']}, 'data': {}}}
                    """));
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        Woken woken = context.wake().orElse(null);
        if (woken instanceof Woken.ByCompletion decided && decided.value() instanceof JsonObject decision) {
            boolean approved = Boolean.TRUE.equals(decision.get("approved"));
            return NodeResult.completed(decision, approved ? APPROVED : REJECTED);
        }
        return woken == null ? new NodeResult.Suspended(wakes(context)) : NodeResult.completed(null, TIMEOUT);
    }

    private static List<Wake> wakes(ExecutionContext context) {
        List<Wake> wakes = new ArrayList<>();
        wakes.add(Wake.completion(context.idempotencyKey(), context.config()));
        Object expires = context.value("expires");
        if (expires != null) {
            wakes.add(Wake.at(context.now().plus(DelayNode.duration(expires))));
        }
        return wakes;
    }
}
