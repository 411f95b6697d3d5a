package io.automationhub.engine.validation;

import io.automationhub.engine.expression.ExpressionCompiler;
import io.automationhub.engine.expression.FunctionLibrary;
import io.automationhub.engine.expression.NearestName;
import io.automationhub.engine.expression.ValueTemplate;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeExecutorRegistry;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.NumberText;
import io.automationhub.engine.workflow.NodeTypes;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at what stands in nodes: configuration against schemas, expressions, the output template, the input schema. */
final class ContentCheck {

    private final Workflow workflow;
    private final NodeExecutorRegistry registry;
    private final ExpressionCompiler expressions;
    private final List<Problem> problems;

    ContentCheck(Workflow workflow, NodeExecutorRegistry registry, FunctionLibrary functions, List<Problem> problems) {
        this.expressions = new ExpressionCompiler(new DeclaredNames(workflow), functions);
        this.workflow = workflow;
        this.registry = registry;
        this.problems = problems;
    }

    void check() {
        checkNumbers(workflow.document(), "");
        checkInputSchema();
        for (int i = 0; i < workflow.nodes().size(); i++) {
            WorkflowNode node = workflow.nodes().get(i);
            if (!NodeTypes.isDrawing(node.type())) {
                checkConfig(node, "/nodes/" + i + "/data/config");
            }
        }
        if (workflow.hasOutput()) {
            compile(withoutNumberText(workflow.output()), JsonObject.EMPTY, "/output", null);
        }
    }

    private static @Nullable Object withoutNumberText(@Nullable Object tree) {
        try {
            return io.automationhub.engine.value.Json.of(tree);
        } catch (io.automationhub.engine.value.JsonException e) {
            // The number that is out of range was reported where it stands.
            return null;
        }
    }

    private void checkNumbers(@Nullable Object tree, String pointer) {
        if (tree instanceof JsonObject object) {
            for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
                checkNumbers(
                        entry.getValue(),
                        pointer + "/" + entry.getKey().replace("~", "~0").replace("/", "~1"));
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

    private void checkConfig(WorkflowNode node, String pointer) {
        NodeExecutor executor = registry.find(node.type()).orElse(null);
        JsonObject schema =
                executor == null ? JsonObject.EMPTY : executor.metadata().configSchema();
        if (!schema.isEmpty()) {
            checkAgainstSchema(node, schema, pointer);
        }
        compile(node.config(), schema, pointer, node.id());
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

    private void checkAgainstSchema(WorkflowNode node, JsonObject schema, String pointer) {
        boolean nothingToCheck = node.config().isEmpty() && !schema.containsKey("required");
        if (nothingToCheck) {
            return;
        }
        for (JsonSchema.Violation violation :
                ConfigSchemaCache.INSTANCE.get(schema).validate(node.config())) {
            if (!isTemplate(node.config(), schema, violation.pointer())) {
                problems.add(Problem.of(
                        ProblemCode.INVALID_CONFIG,
                        pointer + violation.pointer(),
                        node.id(),
                        "The configuration does not fit: " + violation.message(),
                        hint(schema, violation)));
            }
        }
    }

    private static @Nullable String hint(JsonObject schema, JsonSchema.Violation violation) {
        if (!violation.keyword().equals("additionalProperties")
                || !(schema.get("properties") instanceof JsonObject properties)) {
            return null;
        }
        Set<String> known = properties.keySet();
        String property = String.valueOf(violation.property());
        return NearestName.find(property, known)
                .map(nearest -> "did you mean '" + nearest + "'?")
                .orElse("known are " + String.join(", ", known.stream().sorted().toList()));
    }

    /** What a template yields is known only when it is rendered, so its text is not what the schema speaks of. */
    private static boolean isTemplate(JsonObject config, JsonObject schema, String pointer) {
        Object value = config;
        JsonObject here = schema;
        for (String part : pointer.split("/", -1)) {
            if (part.isEmpty() && value == config) {
                continue;
            }
            String key = part.replace("~1", "/").replace("~0", "~");
            if (value instanceof JsonObject object) {
                value = object.get(key);
                here = child(here, "properties", key);
            } else if (value instanceof JsonArray array && key.matches("\\d{1,9}")) {
                int at = Integer.parseInt(key);
                value = at < array.size() ? array.get(at) : null;
                here = here.get("items") instanceof JsonObject items ? items : JsonObject.EMPTY;
            }
        }
        return value instanceof String text && text.contains("{{") && !"literal".equals(here.get("x-content"));
    }

    private static JsonObject child(JsonObject schema, String keyword, String key) {
        return schema.get(keyword) instanceof JsonObject children && children.get(key) instanceof JsonObject child
                ? child
                : JsonObject.EMPTY;
    }

    private void compile(@Nullable Object json, JsonObject schema, String pointer, @Nullable String nodeId) {
        ValueTemplate.compile(
                json,
                schema,
                expressions,
                problem -> problems.add(Problem.of(
                        ProblemCode.INVALID_EXPRESSION,
                        pointer + problem.pointer(),
                        nodeId,
                        "Column " + problem.column() + ": " + problem.message(),
                        null)));
    }
}
