package io.automationhub.engine.validation;

import io.automationhub.engine.expression.ContentSchema;
import io.automationhub.engine.expression.Expression;
import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.expression.Reference;
import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.value.NumberText;
import io.automationhub.engine.workflow.Groups;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import io.automationhub.engine.workflow.WorkflowVariable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at what stands in nodes: configuration against schemas, expressions, the output template, the input schema. */
final class ContentCheck {

    private static final int MAX_SHOWN = 60;

    private static final Pattern PLAIN_ID = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$]*");

    /** What a field holds that its schema speaks of as it is written, because it is no template. */
    private static final Set<String> EXPRESSIONS = Set.of("expression", "item");

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final FunctionLibrary functions;
    private final List<Problem> problems;
    private final List<ExpressionSite> sites = new ArrayList<>();
    private final Map<WorkflowVariable, VariableCheck> variables = new HashMap<>();

    /** Compilers by the innermost group around what they compile; an empty id for none. */
    private final Map<String, ExpressionCompiler> compilers = new HashMap<>();

    ContentCheck(Workflow workflow, NodeExecutorRegistry registry, FunctionLibrary functions, List<Problem> problems) {
        this.functions = functions;
        this.workflow = workflow;
        this.registry = registry;
        this.problems = problems;
    }

    void check() {
        checkNumbers(workflow.document(), "");
        checkInputSchema();
        workflow.variables().values().forEach(variable -> checkVariable(variable, "/variables"));
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            if (!NodeTypes.isDrawing(node.type())) {
                checkConfig(i, node, "/nodes/" + i + "/data/config");
            }
        }
        if (workflow.hasOutput()) {
            compile(withoutNumberText(workflow.output()), JsonObject.EMPTY, "/output", -1, null);
        }
    }

    /** Where expressions stand that could be compiled; after {@link #check}. */
    List<ExpressionSite> sites() {
        return sites;
    }

    /** The variables whose schemas are in order; after {@link #check}. */
    Map<WorkflowVariable, VariableCheck> variables() {
        return variables;
    }

    private void checkVariable(WorkflowVariable variable, String place) {
        String pointer = JsonPointer.child(place, variable.name());
        try {
            VariableCheck check = VariableCheck.of(variable);
            variables.put(variable, check);
            if (variable.defaultValue() != null && variable.type().accepts(variable.defaultValue())) {
                check.objection(variable.defaultValue())
                        .ifPresent(objection -> problems.add(Problem.of(
                                ProblemCode.INVALID_VARIABLE,
                                pointer + "/default",
                                null,
                                objection,
                                "change schema or default")));
            }
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of(
                    ProblemCode.INVALID_SCHEMA,
                    pointer + "/schema",
                    null,
                    String.valueOf(e.getMessage()),
                    "see json-schema.org"));
        }
    }

    private static @Nullable Object withoutNumberText(@Nullable Object tree) {
        try {
            return Json.of(tree);
        } catch (JsonException e) {
            // The number that is out of range was reported where it stands.
            return null;
        }
    }

    private void checkNumbers(@Nullable Object tree, String pointer) {
        if (tree instanceof JsonObject object) {
            for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
                checkNumbers(entry.getValue(), JsonPointer.child(pointer, entry.getKey()));
            }
        } else if (tree instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                checkNumbers(array.get(i), pointer + "/" + i);
            }
        } else if (tree instanceof NumberText number && !number.isInRange()) {
            problems.add(Problem.of(
                    ProblemCode.TOO_LARGE,
                    pointer,
                    null,
                    "The number has an exponent beyond ±400",
                    "write such a quantity as text"));
        }
    }

    private void checkInputSchema() {
        if (workflow.inputSchema().isEmpty()) {
            return;
        }
        try {
            JsonSchema.compileChecked(workflow.inputSchema().get());
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of(
                    ProblemCode.INVALID_SCHEMA, "/input", null, String.valueOf(e.getMessage()), "see json-schema.org"));
        }
    }

    /** What an approval asks for is a JSON Schema, too. */
    private void checkForm(WorkflowNode node, String pointer) {
        if (!node.type().equals(NodeTypes.APPROVAL) || !(node.config().get("form") instanceof JsonObject form)) {
            return;
        }
        try {
            JsonSchema.compileChecked(form);
        } catch (IllegalArgumentException e) {
            problems.add(Problem.of(
                    ProblemCode.INVALID_SCHEMA,
                    pointer + "/data/config/form",
                    node.id(),
                    String.valueOf(e.getMessage()),
                    "see json-schema.org"));
        }
    }

    private void checkConfig(int at, WorkflowNode node, String pointer) {
        checkForm(node, pointer);
        NodeExecutor executor = registry.find(node.type()).orElse(null);
        JsonObject schema =
                executor == null ? JsonObject.EMPTY : executor.metadata().configSchema();
        WorkflowNode around =
                workflow.enclosingGroup(node).flatMap(workflow::node).orElse(null);
        ValueTemplate template;
        if (NodeTypes.isGroup(node.type())) {
            checkGroup(node, around, pointer);
            template = compile(Groups.outside(node.config()), schema, pointer, at, around);
            compile(Groups.inBody(node.config()), schema, pointer, at, node);
        } else {
            template = compile(node.config(), schema, pointer, at, around);
        }
        if (!schema.isEmpty()) {
            checkAgainstSchema(node, schema, template, pointer);
        }
        if (executor != null) {
            for (Problem problem : executor.validate(node)) {
                problems.add(new Problem(
                        problem.code(),
                        problem.severity(),
                        pointer + problem.pointer(),
                        node.id(),
                        problem.message(),
                        problem.hint()));
            }
        }
    }

    private void checkGroup(WorkflowNode group, @Nullable WorkflowNode around, String pointer) {
        Collection<String> outer = new DeclaredNames(workflow, around).known(new Reference.Variable(""));
        for (WorkflowVariable variable : group.variables().values()) {
            String place = pointer + "/variables";
            checkVariable(variable, place);
            if (outer.contains(variable.name())) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_VARIABLE,
                        JsonPointer.child(place, variable.name()),
                        group.id(),
                        "The variable '" + variable.name() + "' is declared outside of the group, too",
                        "rename one of the two"));
            }
        }
    }

    private void checkAgainstSchema(WorkflowNode node, JsonObject schema, ValueTemplate template, String pointer) {
        boolean nothingToCheck = node.config().isEmpty() && !schema.containsKey("required");
        if (nothingToCheck) {
            return;
        }
        for (JsonSchema.Violation violation :
                ConfigSchemaCache.INSTANCE.get(schema).validate(node.config())) {
            if (!isOpen(schema, node.config(), template, violation)) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_CONFIG,
                        pointer + violation.pointer(),
                        node.id(),
                        "The configuration does not fit: " + message(node.config(), violation),
                        hint(schema, node.config(), violation)));
            }
        }
    }

    private static String message(JsonObject config, JsonSchema.Violation violation) {
        if (!violation.keyword().equals("enum")) {
            return violation.message();
        }
        String found = Json.write(JsonPointer.read(config, violation.pointer()));
        return (found.length() > MAX_SHOWN ? found.substring(0, MAX_SHOWN) + "…" : found) + " is none of its values";
    }

    private static @Nullable String hint(JsonObject schema, JsonObject config, JsonSchema.Violation violation) {
        JsonObject part = schemaAt(schema, config, violation.pointer());
        if (violation.keyword().equals("additionalProperties") && part.get("properties") instanceof JsonObject known) {
            return nearest(String.valueOf(violation.property()), known.keySet());
        }
        Object found = JsonPointer.read(config, violation.pointer());
        if (violation.keyword().equals("enum") && part.get("enum") instanceof JsonArray known) {
            return nearest(Json.toText(found), known.stream().map(Json::toText).collect(Collectors.toSet()));
        }
        return null;
    }

    private static String nearest(String name, Set<String> known) {
        String all = "known are " + String.join(", ", known.stream().sorted().toList());
        return NearestName.find(name, known)
                .map(nearest -> "did you mean '" + nearest + "'? " + all)
                .orElse(all);
    }

    /** What the schema says of the part at a pointer; the empty object if nothing. */
    private static JsonObject schemaAt(JsonObject schema, JsonObject config, String pointer) {
        JsonObject here = ContentSchema.of(schema, config);
        Object value = config;
        for (String step : JsonPointer.parts(pointer)) {
            Object below = value instanceof JsonArray ? here.get("items") : propertySchema(here, step);
            value = JsonPointer.step(value, step);
            here = below instanceof JsonObject found ? found : JsonObject.EMPTY;
            here = value instanceof JsonObject object ? ContentSchema.of(here, object) : here;
        }
        return here;
    }

    private static @Nullable Object propertySchema(JsonObject schema, String name) {
        return schema.get("properties") instanceof JsonObject properties && properties.containsKey(name)
                ? properties.get(name)
                : schema.get("additionalProperties");
    }

    /**
     * What a template yields is known only when it is rendered, so its source is not what the schema speaks of; only its
     * type is known if it is text with expressions in it.
     */
    private static boolean isOpen(
            JsonObject schema, JsonObject config, ValueTemplate template, JsonSchema.Violation violation) {
        if (schemaAt(schema, config, violation.pointer()).get("x-content") instanceof String content
                && EXPRESSIONS.contains(content)) {
            return false;
        }
        Object value = config;
        ValueTemplate part = template;
        for (String step : JsonPointer.parts(violation.pointer())) {
            part = value instanceof JsonArray ? part.at(JsonPointer.position(step)) : part.at(step);
            value = JsonPointer.step(value, step);
        }
        boolean expression = part instanceof ValueTemplate.Single
                || part instanceof ValueTemplate.Lazy lazy && lazy.content() instanceof ValueTemplate.Single;
        boolean text =
                part instanceof ValueTemplate.Text && !violation.keyword().equals("type");
        boolean broken = part instanceof ValueTemplate.Broken;
        return expression || text || broken;
    }

    /** The hint for a text that names a node whose id is no plain name as if it were one. */
    private Optional<String> brackets(@Nullable Object text) {
        return workflow.nodes().stream()
                .map(WorkflowNode::id)
                .filter(id -> !id.isEmpty() && !PLAIN_ID.matcher(id).matches())
                .filter(id -> text instanceof String source && source.contains("nodes." + id))
                .findFirst()
                .map(id -> "an id that is no plain name is written nodes['" + id + "'].output");
    }

    private ExpressionCompiler compiler(@Nullable WorkflowNode group) {
        return compilers.computeIfAbsent(
                group == null ? "" : group.id(),
                id -> new ExpressionCompiler(new DeclaredNames(workflow, group), functions));
    }

    /** @param group the innermost group around what is compiled; null for none */
    private ValueTemplate compile(
            @Nullable Object json, JsonObject schema, String pointer, int node, @Nullable WorkflowNode group) {
        String nodeId = node < 0 ? null : workflow.nodes().get(node).id();
        return ValueTemplate.compile(json, schema, compiler(group), new ValueTemplate.Observer() {
            @Override
            public void problem(ValueTemplate.Problem problem) {
                int hint = problem.message().indexOf("; ");
                String message =
                        hint < 0 ? problem.message() : problem.message().substring(0, hint);
                problems.add(Problem.of(
                        ProblemCode.INVALID_EXPRESSION,
                        pointer + problem.pointer(),
                        nodeId,
                        "Column " + problem.column() + ": " + message,
                        brackets(JsonPointer.read(json, problem.pointer()))
                                .orElse(hint < 0 ? null : problem.message().substring(hint + 2))));
            }

            @Override
            public void compiled(Expression expression, String place, int column) {
                boolean result = node < 0
                        || NodeTypes.isGroup(workflow.nodes().get(node).type())
                                && (place.equals("/" + Groups.OUTPUT) || place.startsWith("/" + Groups.OUTPUT + "/"));
                sites.add(new ExpressionSite(node, result, pointer + place, column, expression));
            }
        });
    }
}
