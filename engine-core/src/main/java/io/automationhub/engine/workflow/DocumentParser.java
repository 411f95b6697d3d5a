package io.automationhub.engine.workflow;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the workflow in a document. It never refuses: what is missing or mistyped becomes a problem of the workflow, so
 * that a draft can be kept, drawn and written back.
 */
final class DocumentParser {

    static final int FORMAT = 1;

    private static final int MAX_ID = 128;

    private static final Set<String> SETTINGS = Set.of(
            "timeout", "maxParallelism", "limit", "limits", "priority", "cancelGrace", "durability", "errorWorkflow");
    private static final Set<String> RETRY = Set.of(
            "maxAttempts", "initialDelay", "multiplier", "maxDelay", "jitter", "totalTimeout", "retryOn", "abortOn");
    private static final Set<String> DATA = Set.of(
            "label",
            "notes",
            "disabled",
            "typeVersion",
            "connection",
            "retry",
            "timeout",
            "onError",
            "join",
            "cancelRest",
            "compensateWith",
            "onCrash",
            "config");

    private final JsonObject document;
    private static final Set<String> RATE = Set.of("most", "per");

    private final WorkflowLimits limits;
    private final List<Problem> problems = new ArrayList<>();

    DocumentParser(JsonObject document, WorkflowLimits limits) {
        this.document = document;
        this.limits = limits;
    }

    Workflow parse() {
        FieldReader top = new FieldReader(document, "", null, problems);
        if (!(top.raw("format") instanceof Number format) || format.doubleValue() != FORMAT) {
            top.add(
                    ProblemCode.UNSUPPORTED_FORMAT,
                    "format",
                    top.has("format")
                            ? "The format " + Json.write(top.raw("format")) + " is unknown"
                            : "The format is missing",
                    "write \"format\": " + FORMAT);
        }
        String id = top.requiredText("id");
        String objection = top.has("id") ? idObjection(id) : null;
        if (objection != null) {
            top.add(ProblemCode.INVALID_ID, "id", "The workflow's id " + objection, "use 1 to 128 plain characters");
        }
        JsonObject schema = top.object("input");
        Workflow.Parts parts = new Workflow.Parts(
                id,
                top.text("name"),
                variables(top),
                top.has("input") ? schema : null,
                settings(top.inside("settings")),
                nodes(),
                edges());
        return new Workflow(document, parts, problems);
    }

    private static @Nullable String idObjection(String id) {
        if (id.isEmpty()) {
            return "is empty";
        }
        if (id.length() > MAX_ID) {
            return "has " + id.length() + " characters";
        }
        return id.chars().anyMatch(Character::isISOControl) ? "has control characters" : null;
    }

    private Map<String, WorkflowVariable> variables(FieldReader top) {
        Map<String, WorkflowVariable> variables = new LinkedHashMap<>();
        FieldReader all = top.inside("variables");
        for (String name : top.object("variables").keySet()) {
            variables.put(name, variable(name, all.inside(name), all));
        }
        return java.util.Collections.unmodifiableMap(variables);
    }

    private WorkflowVariable variable(String name, FieldReader fields, FieldReader all) {
        WorkflowVariable.objection(name)
                .ifPresent(objection -> all.add(ProblemCode.INVALID_VARIABLE, name, objection, "rename the variable"));
        WorkflowVariable.Type type = fields.choice("type", WorkflowVariable.Type.values());
        Object defaultValue = value(fields.raw("default"), fields, "default");
        WorkflowVariable variable = new WorkflowVariable(
                name,
                type == null ? WorkflowVariable.Type.ANY : type,
                defaultValue,
                fields.flag("required"),
                fields.has("schema") ? fields.object("schema") : null);
        if (!variable.type().accepts(defaultValue)) {
            fields.add(
                    ProblemCode.INVALID_VARIABLE, "default", variable.mismatch(defaultValue), "change type or default");
        }
        return variable;
    }

    private @Nullable Object value(@Nullable Object tree, FieldReader fields, String key) {
        try {
            return Json.of(tree);
        } catch (JsonException e) {
            fields.add(ProblemCode.TOO_LARGE, key, String.valueOf(e.getMessage()), null);
            return null;
        }
    }

    private static WorkflowSettings settings(FieldReader fields) {
        fields.warnOfUnknownKeys(SETTINGS);
        Durability durability = fields.choice("durability", Durability.values());
        Duration grace = fields.duration("cancelGrace", null);
        return new WorkflowSettings(
                fields.duration("timeout", null),
                fields.integer("maxParallelism", WorkflowSettings.DEFAULT.maxParallelism(), 1, 100_000),
                grace == null ? WorkflowSettings.DEFAULT.cancelGrace() : grace,
                fields.integer("limit", 0, 1, Integer.MAX_VALUE),
                limits(fields.inside("limits")),
                fields.integer("priority", 0, Integer.MIN_VALUE, Integer.MAX_VALUE),
                fields.text("errorWorkflow"),
                durability == null ? WorkflowSettings.DEFAULT.durability() : durability);
    }

    private static Map<String, Limit> limits(FieldReader fields) {
        Map<String, Limit> limits = new TreeMap<>();
        for (String name : fields.keys()) {
            limits.put(
                    name,
                    fields.raw(name) instanceof JsonObject
                            ? rate(fields.inside(name))
                            : Limit.atOnce(fields.integer(name, 1, 1, Integer.MAX_VALUE)));
        }
        return limits;
    }

    private static Limit rate(FieldReader fields) {
        fields.warnOfUnknownKeys(RATE);
        fields.require("most", "say how many attempts may begin");
        fields.require("per", "say in which time, such as \"1m\"");
        int most = fields.integer("most", 1, 1, Limit.MOST_OF_RATE);
        Duration per = fields.duration("per", null);
        try {
            return Limit.rate(most, per == null ? Limit.LONGEST : per);
        } catch (IllegalArgumentException e) {
            fields.add(ProblemCode.WRONG_TYPE, "per", String.valueOf(e.getMessage()), null);
            return Limit.atOnce(1);
        }
    }

    private List<WorkflowNode> nodes() {
        List<WorkflowNode> nodes = new ArrayList<>();
        List<@Nullable Object> elements = elements("nodes", limits.nodes());
        for (int i = 0; i < elements.size(); i++) {
            String pointer = "/nodes/" + i;
            if (elements.get(i) instanceof JsonObject node) {
                nodes.add(node(node, pointer));
            } else {
                problems.add(Problem.of(ProblemCode.WRONG_TYPE, pointer, null, "A node must be an object", null));
            }
        }
        return List.copyOf(nodes);
    }

    private List<@Nullable Object> elements(String key, int most) {
        JsonArray elements = document.get(key) instanceof JsonArray array ? array : JsonArray.EMPTY;
        if (elements.size() > most) {
            problems.add(Problem.of(
                    ProblemCode.TOO_LARGE,
                    "/" + key,
                    null,
                    "The workflow has " + elements.size() + " " + key + ", more than " + most,
                    "divide it into several workflows"));
            return elements.subList(0, most);
        }
        return elements;
    }

    private WorkflowNode node(JsonObject json, String pointer) {
        String id = json.get("id") instanceof String text ? text : "";
        FieldReader fields = new FieldReader(json, pointer, id.isEmpty() ? null : id, problems);
        fields.requiredText("id");
        String objection = json.get("id") instanceof String ? idObjection(id) : null;
        if (objection != null) {
            fields.add(ProblemCode.INVALID_ID, "id", "The node's id " + objection, "use 1 to 128 plain characters");
        }
        String type = fields.requiredText("type");
        if ("".equals(json.get("type"))) {
            fields.add(ProblemCode.MISSING_FIELD, "type", "The type of the node is empty", "name one");
        }
        if (fields.has("position")) {
            FieldReader position = fields.inside("position");
            position.decimal("x", 0, -1e9, 1e9);
            position.decimal("y", 0, -1e9, 1e9);
        }
        FieldReader data = fields.inside("data");
        Object config = value(data.object("config"), data, "config");
        return new WorkflowNode(
                id,
                type,
                fields.text("parentId"),
                json,
                config instanceof JsonObject object ? object : JsonObject.EMPTY,
                NodeTypes.isGroup(type) ? variables(data.inside("config")) : Map.of(),
                nodeSettings(data, NodeTypes.isDrawing(type)));
    }

    private static NodeSettings nodeSettings(FieldReader data, boolean drawing) {
        if (drawing) {
            return NodeSettings.DEFAULT;
        }
        data.warnOfUnknownKeys(DATA);
        data.text("notes");
        OnCrash onCrash = data.choice("onCrash", OnCrash.values());
        return new NodeSettings(
                data.text("label"),
                data.integer("typeVersion", 1, 1, 1_000_000),
                data.flag("disabled"),
                data.has("retry") ? retry(data.inside("retry")) : RetryPolicy.NONE,
                data.duration("timeout", null),
                data.choice("onError", OnError.values()),
                join(data),
                data.flag("cancelRest"),
                data.text("compensateWith"),
                data.text("connection"),
                onCrash == null ? OnCrash.REPEAT : onCrash);
    }

    private static RetryPolicy retry(FieldReader fields) {
        fields.warnOfUnknownKeys(RETRY);
        RetryPolicy defaults = RetryPolicy.attempts(3);
        Duration initial = fields.duration("initialDelay", null);
        return new RetryPolicy(
                fields.integer("maxAttempts", defaults.maxAttempts(), 1, RetryPolicy.MOST_ATTEMPTS),
                initial == null ? defaults.initialDelay() : initial,
                fields.decimal("multiplier", defaults.multiplier(), 1, 1000),
                fields.duration("maxDelay", defaults.maxDelay()),
                fields.decimal("jitter", defaults.jitter(), 0, 1),
                fields.duration("totalTimeout", null),
                fields.words("retryOn"),
                fields.words("abortOn"));
    }

    private static Join join(FieldReader data) {
        Object join = data.raw("join");
        if (join == null || "all".equals(join)) {
            return Join.ALL;
        }
        if ("any".equals(join)) {
            return Join.ANY;
        }
        // Whether the count fits the number of edges is a question to the graph, asked by the validator.
        boolean count = join instanceof Number number
                && number.doubleValue() == Math.rint(number.doubleValue())
                && Math.abs(number.doubleValue()) <= 100_000;
        if (!count) {
            data.wrongType("join", "'all', 'any' or a whole number of edges", join);
            return Join.ALL;
        }
        int needed = ((Number) join).intValue();
        return needed == 0 ? new Join(-1) : new Join(needed);
    }

    private List<WorkflowEdge> edges() {
        List<WorkflowEdge> edges = new ArrayList<>();
        List<@Nullable Object> elements = elements("edges", limits.edges());
        for (int i = 0; i < elements.size(); i++) {
            String pointer = "/edges/" + i;
            if (elements.get(i) instanceof JsonObject edge) {
                edges.add(edge(new FieldReader(edge, pointer, null, problems)));
            } else {
                problems.add(Problem.of(ProblemCode.WRONG_TYPE, pointer, null, "An edge must be an object", null));
            }
        }
        return List.copyOf(edges);
    }

    private static WorkflowEdge edge(FieldReader fields) {
        String handle = fields.text("sourceHandle");
        return new WorkflowEdge(
                fields.text("id"),
                fields.requiredText("source"),
                handle == null ? WorkflowEdge.OUT : handle,
                fields.requiredText("target"));
    }
}
