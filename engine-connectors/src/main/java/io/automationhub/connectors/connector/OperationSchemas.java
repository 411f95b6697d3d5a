package io.automationhub.connectors.connector;

import io.automationhub.connectors.request.NodeRequest;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.WorkflowEdge;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an operation's node type. It is made when it is first asked for: a connector may have a thousand operations,
 * and a workflow uses few. Safe for use by several threads.
 */
final class OperationSchemas {

    private static final int LONGEST_SENTENCE = 300;

    private final Connector connector;
    private final Operation operation;
    private volatile @Nullable NodeMetadata metadata;
    private volatile @Nullable JsonSchema check;

    OperationSchemas(Connector connector, Operation operation) {
        this.connector = connector;
        this.operation = operation;
    }

    NodeMetadata metadata() {
        NodeMetadata known = metadata;
        if (known == null) {
            known = new NodeMetadata(
                            operation.title(),
                            connector.id(),
                            sentence(),
                            "plug",
                            List.of(WorkflowEdge.OUT),
                            config(),
                            operation.method().equals("GET")
                                            || operation.method().equals("HEAD")
                                    ? NodeTraits.PURE_BLOCKING
                                    : NodeTraits.EFFECTFUL_BLOCKING)
                    .withOutputSchema(output(false));
            metadata = known;
        }
        return known;
    }

    /** The schema of the configuration, for values that data led to. */
    JsonSchema check() {
        JsonSchema known = check;
        if (known == null) {
            known = JsonSchema.compile(metadata().configSchema());
            check = known;
        }
        return known;
    }

    private String sentence() {
        String all = operation.description().isBlank() ? operation.title() : operation.description();
        String first = all.strip().replaceFirst("(?s)\n\\s*\n.*", "").replaceAll("\\s+", " ");
        String shown = first.length() <= LONGEST_SENTENCE ? first : first.substring(0, LONGEST_SENTENCE) + "…";
        return operation.deprecated() ? "Deprecated. " + shown : shown;
    }

    private JsonObject config() {
        JsonObject.Builder properties = JsonObject.builder();
        List<String> required = new ArrayList<>();
        for (Parameter parameter : operation.parameters()) {
            JsonObject schema = plain(parameter.schema(), true);
            properties.put(
                    parameter.field(),
                    parameter.description().isEmpty() ? schema : schema.with("description", parameter.description()));
            if (parameter.required()) {
                required.add(parameter.field());
            }
        }
        Operation.Body body = operation.body();
        if (body != null) {
            properties.put("body", body(body));
            if (body.required()) {
                required.add("body");
            }
        }
        if (operation.pagination() != null) {
            properties.put("maxPages", NodeRequest.MAX_PAGES);
        } else if (operation.method().equals("GET")) {
            properties.put("pagination", NodeRequest.PAGINATION);
        }
        JsonObject schema = JsonObject.of("type", "object")
                .with("additionalProperties", false)
                .with("properties", properties.build());
        return required.isEmpty() ? schema : schema.with("required", required);
    }

    private JsonObject body(Operation.Body body) {
        JsonObject schema = switch (OperationNode.kind(body.mediaType())) {
            case "json", "form" -> plain(body.schema(), true);
            // Its files are references here, and texts for the server.
            case "multipart" -> JsonObject.of("type", "object");
            case "text" -> JsonObject.of("type", "string");
            default -> JsonObject.of("description", "The reference of a file.");
        };
        return body.description().isEmpty() ? schema : schema.with("description", body.description());
    }

    /** @param paged whether the node itself goes through pages */
    JsonObject output(boolean paged) {
        JsonObject body = plain(operation.result().schema(), false);
        JsonObject declared = operation.pagination();
        if (declared == null && !paged) {
            return below(body, operation.result().at());
        }
        JsonObject items = JsonObject.of("type", "array");
        if (declared != null) {
            String at = declared.get("items") instanceof String pointer ? pointer : "";
            items = below(body, at).get("items") instanceof JsonObject item ? items.with("items", item) : items;
        }
        return NodeRequest.pagesOf(items);
    }

    JsonObject itemOf(String pointer) {
        return below(output(false), pointer).get("items") instanceof JsonObject item ? item : JsonObject.EMPTY;
    }

    private static JsonObject below(JsonObject schema, String pointer) {
        JsonObject here = schema;
        for (String step : JsonPointer.parts(pointer)) {
            here = here.get("properties") instanceof JsonObject properties
                            && properties.get(step) instanceof JsonObject property
                    ? property
                    : JsonObject.EMPTY;
        }
        return here;
    }

    private JsonObject plain(JsonObject schema, boolean sent) {
        return new PlainSchema(connector.schemas(), sent).of(schema);
    }
}
