package io.automationhub.engine.validation;

import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The JSON Schema (draft 2020-12) of the workflow file, for editors and other programs. It says what a file looks like, with
 * the configuration of every registered type; what only the whole graph shows is left to {@link WorkflowValidator}.
 */
public final class WorkflowSchema {

    /** What a schema says about a value without restricting it. */
    private static final Set<String> ANNOTATIONS =
            Set.of("description", "title", "default", "examples", "x-content", "x-lazy", "x-format");

    private static final JsonObject DURATION = JsonObject.of("$ref", "#/$defs/duration");

    private static final JsonObject TEMPLATE = JsonObject.of("$ref", "#/$defs/template");

    private WorkflowSchema() {}

    /** The schema of files whose nodes are of these types. A node of another type may have any configuration. */
    public static JsonObject of(NodeExecutorRegistry registry) {
        JsonObject base = base();
        JsonObject definitions = Json.object(base.get("$defs"));
        JsonObject.Builder all = definitions.toBuilder();
        List<JsonObject> kinds = new ArrayList<>();
        for (String type : registry.types()) {
            NodeMetadata metadata = registry.find(type).orElseThrow().metadata();
            JsonObject config = metadata.configSchema();
            all.put(type, withTemplates(config).with("description", metadata.description()));
            kinds.add(kind(type, config.containsKey("required")));
        }
        all.put("node", node(Json.object(definitions.get("node")), registry.types(), kinds));
        return base.with("$defs", all.build());
    }

    private static JsonObject base() {
        try (InputStream resource = WorkflowSchema.class.getResourceAsStream("workflow-file.schema.json")) {
            byte[] text = Objects.requireNonNull(resource, "workflow-file.schema.json is not in the jar")
                    .readAllBytes();
            return Json.object(Json.parse(new String(text, StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read workflow-file.schema.json from the jar", e);
        }
    }

    private static JsonObject node(JsonObject node, Collection<String> types, List<JsonObject> kinds) {
        JsonObject properties = Json.object(node.get("properties"));
        JsonArray known =
                JsonArray.of(JsonObject.of("enum", List.copyOf(types)), Objects.requireNonNull(properties.get("type")));
        return node.with("properties", properties.with("type", JsonObject.of("anyOf", known)))
                .with("allOf", kinds);
    }

    private static JsonObject kind(String type, boolean configRequired) {
        JsonObject is = JsonObject.of("properties", JsonObject.of("type", JsonObject.of("const", type)));
        JsonObject reference = JsonObject.of("$ref", JsonPointer.child("#/$defs", type));
        JsonObject data = JsonObject.of("properties", JsonObject.of("config", reference));
        JsonObject then =
                JsonObject.of("properties", JsonObject.of("data", configRequired ? required(data, "config") : data));
        return JsonObject.of("if", required(is, "type")).with("then", configRequired ? required(then, "data") : then);
    }

    private static JsonObject required(JsonObject schema, String field) {
        return schema.with("required", List.of(field));
    }

    /** The schema with its parts open to templates; an object itself is always written out. */
    private static JsonObject withTemplates(JsonObject schema) {
        if ("literal".equals(schema.get("x-content"))) {
            return schema;
        }
        JsonObject.Builder open = JsonObject.builder();
        schema.forEach((key, value) -> open.put(key, partWithTemplates(key, value)));
        return open.build();
    }

    private static @Nullable Object partWithTemplates(String keyword, @Nullable Object value) {
        return switch (keyword) {
            case "properties" -> {
                JsonObject.Builder properties = JsonObject.builder();
                Json.object(value).forEach((name, property) -> properties.put(name, orTemplate(property)));
                yield properties.build();
            }
            case "items", "additionalProperties" -> orTemplate(value);
            case "allOf" ->
                value instanceof JsonArray kinds
                        ? JsonArray.of(kinds.stream()
                                .map(WorkflowSchema::kindWithTemplates)
                                .toArray())
                        : value;
            default -> value;
        };
    }

    private static @Nullable Object kindWithTemplates(@Nullable Object kind) {
        return kind instanceof JsonObject object && object.get("then") instanceof JsonObject then
                ? object.with("then", withTemplates(then))
                : kind;
    }

    /** A value that fits the schema, or a template that will yield one. */
    private static @Nullable Object orTemplate(@Nullable Object schema) {
        if (!(schema instanceof JsonObject object) || "literal".equals(object.get("x-content"))) {
            return schema;
        }
        if ("duration".equals(object.get("x-format"))) {
            return annotations(object)
                    .put("anyOf", JsonArray.of(DURATION, TEMPLATE))
                    .build();
        }
        JsonObject open = withTemplates(object);
        JsonObject.Builder rest = JsonObject.builder();
        open.forEach((key, value) -> {
            if (!ANNOTATIONS.contains(key)) {
                rest.put(key, value);
            }
        });
        JsonObject restriction = rest.build();
        boolean takesAnyText = restriction.isEmpty() || restriction.equals(JsonObject.of("type", "string"));
        boolean isExpression = object.containsKey("x-content");
        return takesAnyText || isExpression || object.containsKey("const")
                ? open
                : annotations(open)
                        .put("anyOf", JsonArray.of(restriction, TEMPLATE))
                        .build();
    }

    private static JsonObject.Builder annotations(JsonObject schema) {
        JsonObject.Builder annotations = JsonObject.builder();
        schema.forEach((key, value) -> {
            if (ANNOTATIONS.contains(key)) {
                annotations.put(key, value);
            }
        });
        return annotations;
    }
}
