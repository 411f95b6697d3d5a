package io.automationhub.engine.nodes;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code binary.read}: its output is what stands in a file. */
final class BinaryReadNode implements NodeExecutor {

    /** Made when it is first asked for: its schema is read by a JSON parser, which many programs never need. */
    private static final class Description {
        static final NodeMetadata METADATA = new NodeMetadata(
                "Read file",
                "file",
                "Reads a file, as far as a value may be that large.",
                "file-text",
                List.of(WorkflowEdge.OUT),
                ConfigSchemas.of("""
                    {'type': 'object', 'additionalProperties': false,
                     'examples': [{'file': '{{input.attachment}}', 'as': 'json'}],
                     'properties': {
                       'file': {'type': 'object', 'description': 'The reference of the file; the output of the node before if absent.'},
                       'as': {'enum': ['text', 'json', 'base64'], 'x-content': 'literal', 'default': 'text',
                         'description': 'What becomes of it: text, the value that a JSON text says, or Base64 text of the bytes.'},
                       'charset': {'type': 'string', 'default': 'utf-8', 'description': 'How characters stand in the file.'}}}
                    """),
                NodeTraits.PURE_BLOCKING);
    }

    @Override
    public NodeMetadata metadata() {
        return Description.METADATA;
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) throws IOException {
        BinaryRef file = file(node, context);
        if (file.size() > context.limits().maxBytes()) {
            throw failure(
                    "The file '" + file.name() + "' has " + file.size() + " bytes, more than the "
                            + context.limits().maxBytes()
                            + " that a value may have; pass its reference on, or raise the limit",
                    null);
        }
        byte[] bytes;
        try (InputStream content = context.openBlob(file)) {
            bytes = content.readAllBytes();
        }
        return NodeResult.completed(
                switch (Json.toText(context.value("as"))) {
                    case "base64" -> Base64.getEncoder().encodeToString(bytes);
                    case "json" -> json(file, text(file, context, bytes), context);
                    default -> text(file, context, bytes);
                });
    }

    private static BinaryRef file(WorkflowNode node, ExecutionContext context) {
        Object value = node.config().containsKey("file") ? context.value("file") : context.previous();
        return BinaryRef.of(value)
                .orElseThrow(() -> failure(
                        "The node '" + node.id() + "' needs the reference of a file, an object with $binary, found "
                                + Json.typeName(value) + "; let 'file' name one, as in {{nodes.download.output}}",
                        null));
    }

    private static String text(BinaryRef file, ExecutionContext context, byte[] bytes) {
        Object given = context.value("charset");
        String name = given == null ? "utf-8" : Json.toText(given);
        try {
            return Charset.forName(name)
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw failure(
                    "The file '" + file.name() + "' is not written in " + name
                            + "; name its charset, or read it as base64",
                    e);
        } catch (IllegalArgumentException e) {
            throw failure("There is no charset '" + name + "'; common ones are utf-8, iso-8859-1, windows-1252", e);
        }
    }

    private static @Nullable Object json(BinaryRef file, String text, ExecutionContext context) {
        try {
            return Json.parse(text, context.limits());
        } catch (JsonException e) {
            throw failure("The file '" + file.name() + "' is no JSON: " + e.getMessage(), e);
        }
    }

    private static NonRetriableException failure(String message, @Nullable Throwable cause) {
        return new NonRetriableException(ExecutionError.KIND_FILE, message, cause);
    }
}
