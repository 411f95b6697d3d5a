package io.automationhub.engine.workflow;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.NumberText;
import java.math.BigDecimal;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of a workflow that has a meaning when it runs, in one spelling: without layout, labels and notes, nodes and
 * edges sorted, keys sorted, numbers without trailing zeros, settings with their defaults written out.
 */
final class CanonicalForm {

    private static final Set<String> TOP_WITHOUT_MEANING = Set.of("nodes", "edges", "settings", "viewport");

    /** What React Flow keeps in a node for its own use. */
    private static final Set<String> NODE_WITHOUT_MEANING = Set.of(
            "position",
            "positionAbsolute",
            "selected",
            "measured",
            "width",
            "height",
            "initialWidth",
            "initialHeight",
            "dragging",
            "draggable",
            "selectable",
            "connectable",
            "deletable",
            "focusable",
            "hidden",
            "resizing",
            "sourcePosition",
            "targetPosition",
            "dragHandle",
            "zIndex",
            "extent",
            "expandParent",
            "origin",
            "handles",
            "ariaLabel",
            "ariaRole",
            "style",
            "className",
            "data");

    private static final Set<String> DATA_WITHOUT_MEANING =
            Set.of("label", "notes", "config", "retry", "timeout", "join", "disabled", "cancelRest");

    /** Stands before the text of a number, and before a text that begins with it. */
    private static final String NUMBER = "#";

    private CanonicalForm() {}

    static String sha256(Workflow workflow) {
        JsonObject.Builder form = JsonObject.builder();
        new TreeMap<>(canonical(workflow)).forEach(form::put);
        byte[] text = Json.writeUtf8(form.build());
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** The same, to be compared place by place: nodes and edges stand under their names, and values are as written. */
    static JsonObject byName(Workflow workflow) {
        JsonObject.Builder nodes = JsonObject.builder();
        for (Object node : nodes(workflow)) {
            nodes.put(String.valueOf(((JsonObject) node).get("id")), asWritten(node));
        }
        JsonObject.Builder edges = JsonObject.builder();
        for (Object edge : edges(workflow)) {
            JsonArray ends = (JsonArray) edge;
            edges.put(ends.get(0) + "." + ends.get(1) + " to " + ends.get(2), true);
        }
        JsonObject.Builder form = JsonObject.builder();
        canonical(workflow).forEach((key, value) -> form.put(key, asWritten(value)));
        return form.put("nodes", nodes.build()).put("edges", edges.build()).build();
    }

    private static @Nullable Object asWritten(@Nullable Object tree) {
        if (tree instanceof JsonObject object) {
            JsonObject.Builder form = JsonObject.builder();
            object.forEach((key, value) -> form.put(key, asWritten(value)));
            return form.build();
        }
        if (tree instanceof JsonArray array) {
            return JsonArray.of(
                    Arrays.stream(array.toArray()).map(CanonicalForm::asWritten).toArray());
        }
        if (!(tree instanceof String text) || !text.startsWith(NUMBER)) {
            return tree;
        }
        String rest = text.substring(NUMBER.length());
        try {
            BigDecimal number = rest.startsWith(NUMBER) ? null : new BigDecimal(rest);
            return number == null ? rest : Json.of(number.scale() <= 0 ? number.toBigInteger() : number);
        } catch (JsonException e) {
            // A number that only a document can have.
            return rest;
        }
    }

    private static JsonObject canonical(Workflow workflow) {
        JsonObject.Builder form = JsonObject.builder();
        workflow.document().forEach((key, value) -> {
            if (!TOP_WITHOUT_MEANING.contains(key)) {
                form.put(key, sorted(value));
            }
        });
        WorkflowSettings settings = workflow.settings();
        JsonObject.Builder written = JsonObject.builder();
        copy(
                objectAt(workflow.document(), "settings"),
                Set.of("timeout", "maxParallelism", "cancelGrace", "limits"),
                written);
        written.put("timeout", String.valueOf(settings.timeout()))
                .put("maxParallelism", settings.maxParallelism())
                .put("cancelGrace", settings.cancelGrace().toString());
        if (!settings.limits().isEmpty()) {
            written.put("limits", limits(settings.limits()));
        }
        return form.put("settings", sorted(written.build()))
                .put("nodes", nodes(workflow))
                .put("edges", edges(workflow))
                .build();
    }

    private static JsonObject limits(Map<String, Limit> limits) {
        JsonObject.Builder written = JsonObject.builder();
        limits.forEach((name, limit) -> written.put(
                name,
                limit.per() == null
                        ? limit.most()
                        : JsonObject.of("most", limit.most())
                                .with("per", limit.per().toString())));
        return written.build();
    }

    private static Object[] nodes(Workflow workflow) {
        return workflow.nodes().stream()
                .filter(node -> !NodeTypes.isDrawing(node.type()))
                .sorted(Comparator.comparing(WorkflowNode::id))
                .map(CanonicalForm::node)
                .map(CanonicalForm::sorted)
                .toArray();
    }

    private static JsonObject node(WorkflowNode node) {
        JsonObject.Builder form = JsonObject.builder();
        copy(node.json(), NODE_WITHOUT_MEANING, form);
        copy(objectAt(node.json(), "data"), DATA_WITHOUT_MEANING, form);
        return form.putDocument("config", node.config())
                .put("retry", node.retry().toJson())
                .put("timeout", String.valueOf(node.timeout()))
                .put("join", node.join().needed())
                .put("disabled", node.isDisabled())
                .put("cancelRest", node.cancelRest())
                .build();
    }

    private static Object[] edges(Workflow workflow) {
        return workflow.edges().stream()
                .map(edge -> JsonArray.of(edge.source(), edge.sourceHandle(), edge.target()))
                .sorted(Comparator.comparing(Json::write))
                .toArray();
    }

    private static void copy(JsonObject from, Set<String> except, JsonObject.Builder to) {
        from.forEach((key, value) -> {
            if (!except.contains(key)) {
                to.putDocument(key, value);
            }
        });
    }

    private static JsonObject objectAt(JsonObject object, String key) {
        return object.get(key) instanceof JsonObject result ? result : JsonObject.EMPTY;
    }

    private static @Nullable Object sorted(@Nullable Object tree) {
        if (tree instanceof JsonObject object) {
            Map<String, @Nullable Object> members = new TreeMap<>();
            object.forEach((key, value) -> members.put(key, sorted(value)));
            JsonObject.Builder form = JsonObject.builder();
            members.forEach(form::putDocument);
            return form.build();
        }
        if (tree instanceof JsonArray array) {
            return JsonArray.of(
                    Arrays.stream(array.toArray()).map(CanonicalForm::sorted).toArray());
        }
        if (tree instanceof NumberText text && !text.isInRange()) {
            return NUMBER + text;
        }
        if (tree instanceof String text && text.startsWith(NUMBER)) {
            return NUMBER + text;
        }
        return tree instanceof Number number ? plain(new BigDecimal(number.toString())) : tree;
    }

    /** One spelling for each number, as text: a value's own spelling keeps trailing zeros. */
    private static Object plain(BigDecimal number) {
        return NUMBER + (number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros());
    }
}
