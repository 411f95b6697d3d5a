package io.automationhub.engine.testkit;

import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The page of docs/nodes/ about a type of node, made of its metadata. */
public final class NodeReferencePage {

    private final String type;
    private final NodeMetadata metadata;
    private final StringBuilder page = new StringBuilder();

    private NodeReferencePage(String type, NodeMetadata metadata) {
        this.type = type;
        this.metadata = metadata;
    }

    /** The page in Markdown. */
    public static String of(String type, NodeMetadata metadata) {
        return new NodeReferencePage(type, metadata).write();
    }

    private String write() {
        page.append("# ").append(metadata.name()).append(": `").append(type).append("`\n\n");
        page.append(metadata.description()).append("\n\n");
        page.append("Goes on by ")
                .append(handles())
                .append(". ")
                .append(traits(metadata.traits()))
                .append("\n");
        JsonObject schema = metadata.configSchema();
        examples(schema);
        section("\n## Config\n", schema);
        return page.toString();
    }

    private String handles() {
        List<String> all = new ArrayList<>(metadata.handles());
        all.add("error");
        return all.stream().map(handle -> "`" + handle + "`").collect(Collectors.joining(", "));
    }

    private static String traits(NodeTraits traits) {
        return (traits.inline() ? "Runs on the thread of its run" : "Runs on a thread of its own")
                + (traits.pure() ? "; has no effect outside." : "; has effects outside.");
    }

    private void examples(JsonObject schema) {
        if (schema.get("examples") instanceof JsonArray examples) {
            examples.forEach(example ->
                    page.append("\n```json\n").append(Json.writePretty(example)).append("\n```\n"));
        }
    }

    private void section(String heading, JsonObject schema) {
        List<String> rows = new ArrayList<>();
        List<JsonObject> kinds = new ArrayList<>();
        rows("", schema, rows, kinds);
        page.append(heading);
        if (rows.isEmpty()) {
            page.append("\nNone.\n");
        } else {
            page.append("\n| field | holds | default | what it is |\n|---|---|---|---|\n");
            rows.forEach(page::append);
        }
        for (JsonObject kind : kinds) {
            kind(kind);
        }
    }

    private void kind(JsonObject kind) {
        JsonObject test = Json.object(Json.object(kind.get("if")).get("properties"));
        String name = test.entrySet().stream()
                .map(entry -> "`" + entry.getKey() + "`: `"
                        + Json.toText(Json.object(entry.getValue()).get("const")) + "`")
                .collect(Collectors.joining(", "));
        JsonObject then = Json.object(kind.get("then"));
        page.append("\n## ")
                .append(name)
                .append("\n\n")
                .append(then.get("description"))
                .append('\n');
        JsonObject.Builder rest = JsonObject.builder();
        Json.object(then.get("properties")).forEach((field, schema) -> {
            if (!test.containsKey(field)) {
                rest.put(field, schema);
            }
        });
        section("", then.with("properties", rest.build()));
        examples(then);
    }

    private void rows(String prefix, JsonObject schema, List<String> rows, List<JsonObject> kinds) {
        JsonArray required = schema.get("required") instanceof JsonArray list ? list : JsonArray.EMPTY;
        Json.object(schema.get("properties")).forEach((name, property) -> {
            JsonObject part = Json.object(property);
            rows.add(row(prefix + name, part, required.contains(name)));
            below(prefix + name, part, rows, kinds);
        });
        if (schema.get("allOf") instanceof JsonArray list) {
            list.forEach(kind -> kinds.add(Json.object(kind)));
        }
    }

    private void below(String name, JsonObject schema, List<String> rows, List<JsonObject> kinds) {
        rows(name + ".", schema, rows, kinds);
        if (schema.get("items") instanceof JsonObject items) {
            rows(name + "[].", items, rows, kinds);
        }
        if (schema.get("additionalProperties") instanceof JsonObject others) {
            rows(name + ".*.", others, rows, kinds);
        }
    }

    private static String row(String name, JsonObject schema, boolean required) {
        String rest = required
                ? "required"
                : schema.containsKey("default") ? "`" + Json.write(schema.get("default")) + "`" : "";
        Object description = schema.get("description");
        return "| `" + name + "` | " + holds(schema) + " | " + rest + " | "
                + (description == null ? "" : description.toString().replace("|", "\\|")) + " |\n";
    }

    private static String holds(JsonObject schema) {
        Object content = schema.get("x-content");
        String kind = content == null
                ? ""
                : content.equals("literal")
                        ? ""
                        : content.equals("item") ? "expression over `item`" : content.toString();
        if (!kind.isEmpty()) {
            return kind;
        }
        if (schema.get("enum") instanceof JsonArray values) {
            return values.stream().map(value -> "`" + Json.toText(value) + "`").collect(Collectors.joining(", "));
        }
        Object type = schema.get("type");
        String types = type instanceof JsonArray list
                ? list.stream().map(Json::toText).collect(Collectors.joining(" or "))
                : type == null ? "any" : type.toString();
        return types
                + (schema.get("additionalProperties") instanceof JsonObject values
                                && values.get("enum") instanceof JsonArray
                        ? " of " + holds(values)
                        : "");
    }
}
