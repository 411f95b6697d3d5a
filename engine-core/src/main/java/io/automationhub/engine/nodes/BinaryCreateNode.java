package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code binary.create}: keeps a value as a file; its output is the file's reference. */
final class BinaryCreateNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                        "Create file",
                        "file",
                        "Keeps a value as a file of the run, to be sent, uploaded or downloaded.",
                        "file-plus",
                        List.of(WorkflowEdge.OUT),
                        ConfigSchemas.of("""
                            {'type': 'object', 'additionalProperties': false, 'required': ['name', 'content'],
                             'examples': [{'name': 'report-{{today()}}.json', 'mediaType': 'application/json',
                                           'content': '{{previous}}', 'as': 'json'}],
                             'properties': {
                               'name': {'type': 'string', 'minLength': 1, 'description': 'The name of the file.'},
                               'mediaType': {'type': 'string', 'default': 'text/plain; charset=utf-8',
                                 'description': 'What the file is; application/json if it is made as json.'},
                               'content': {'description': 'What stands in the file.'},
                               'as': {'enum': ['text', 'json', 'base64'], 'x-content': 'literal', 'default': 'text',
                                 'description': 'How it stands there: as text in UTF-8, as JSON, or as the bytes that a Base64 text says.'}}}
                            """),
                        NodeTraits.PURE_BLOCKING)
                .withOutputSchema(ConfigSchemas.of("""
                            {'type': 'object', 'required': ['$binary', 'name', 'mediaType', 'size', 'sha256'], 'properties': {
                              '$binary': {'type': 'string'}, 'name': {'type': 'string'}, 'mediaType': {'type': 'string'},
                              'size': {'type': 'integer'}, 'sha256': {'type': 'string'}}}
                            """));
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) throws IOException {
        boolean json = "json".equals(context.value("as"));
        Object given = context.value("mediaType");
        String mediaType = given != null ? Json.toText(given) : json ? "application/json" : "text/plain; charset=utf-8";
        byte[] bytes = bytes(Json.toText(context.value("as")), context.value("content"));
        return NodeResult.completed(
                context.storeBlob(context.text("name"), mediaType, new ByteArrayInputStream(bytes)));
    }

    private static byte[] bytes(String as, @Nullable Object content) {
        if (as.equals("base64")) {
            try {
                return Base64.getMimeDecoder().decode(Json.toText(content));
            } catch (IllegalArgumentException e) {
                throw new NonRetriableException(
                        ExecutionError.KIND_FILE, "'content' is no Base64 text: " + e.getMessage(), e);
            }
        }
        return (as.equals("json") ? Json.write(content) : Json.toText(content)).getBytes(StandardCharsets.UTF_8);
    }
}
