package io.automationhub.engine.nodes;

import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code fail}: fails its scope. */
final class FailNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Fail",
                "flow",
                "Fails the scope it stands in.",
                "alert",
                List.of(),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false,
                     'examples': [{'kind': 'stock', 'message': 'No stock of {{input.sku}}'}],
                     'properties': {
                       'kind': {'type': 'string', 'minLength': 1, 'default': 'error',
                                'description': 'The kind of the error, a lower-case word.'},
                       'message': {'description': 'What went wrong.'}}}
                    """),
                NodeTraits.PURE_INLINE);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) {
        @Nullable Object kind = context.value("kind");
        @Nullable Object message = context.value("message");
        throw new NonRetriableException(
                kind == null ? "error" : Json.toText(kind),
                message == null ? "The node '" + node.id() + "' failed the workflow" : Json.toText(message),
                null);
    }
}
