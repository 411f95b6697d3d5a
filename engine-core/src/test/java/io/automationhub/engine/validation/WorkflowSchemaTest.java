package io.automationhub.engine.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.testkit.DocsSection;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WorkflowSchemaTest {

    /** What a schema can see as well as the validator: the form of the file, field by field. */
    private static final Set<ProblemCode> FORM = EnumSet.of(
            ProblemCode.UNSUPPORTED_FORMAT,
            ProblemCode.MISSING_FIELD,
            ProblemCode.WRONG_TYPE,
            ProblemCode.INVALID_ID,
            ProblemCode.NOT_A_WORKFLOW,
            ProblemCode.INVALID_CONFIG);

    /** Uses every field of the format, and most node types. */
    private static final String DOCUMENT = """
            {"format": 1, "id": "all", "name": "All",
             "variables": {"team": {"type": "string", "default": "ops", "required": false, "schema": {"minLength": 1}}},
             "input": {"type": "object"}, "output": "{{nodes.last.output}}",
             "settings": {"timeout": "1h", "maxParallelism": 4, "cancelGrace": {"duration": 5, "unit": "seconds"}},
             "nodes": [
               {"id": "start", "type": "trigger.manual", "position": {"x": 0, "y": 1.5}},
               {"id": "set", "type": "action.set", "data": {"label": "L", "notes": "N", "disabled": false,
                  "retry": {"maxAttempts": 2, "initialDelay": "PT1S", "multiplier": 1.5, "maxDelay": "1m", "jitter": 0.1,
                            "totalTimeout": "5m", "retryOn": ["http"], "abortOn": ["config"]},
                  "timeout": "10s", "onError": "fail", "join": 1, "cancelRest": true, "config": {"values": {"team": "a"}}}},
               {"id": "log", "type": "action.log", "data": {"config": {"level": "info", "message": "{{team}}"}}},
               {"id": "if", "type": "condition", "data": {"join": "all", "config": {"match": "any", "conditions": [
                  {"left": "{{input.a}}", "op": "equals", "right": 1, "ignoreCase": true}]}}},
               {"id": "way", "type": "switch", "data": {"config": {"mode": "first", "cases": [
                  {"handle": "a", "when": "input.a == 1"}]}}},
               {"id": "list", "type": "transform", "data": {"config": {"source": "{{input.list}}", "steps": [
                  {"op": "filter", "when": "item.a"}, {"op": "limit", "count": "{{input.n}}"},
                  {"op": "set", "fields": {"b": "item.c", "d": 1}}, {"op": "rename", "fields": {"a": "b"}},
                  {"op": "sort", "by": ["a", {"field": "b", "order": "desc"}]},
                  {"op": "join", "with": "{{input.other}}", "on": {"left": "a", "right": "b"}, "kind": "left", "as": "o"},
                  {"op": "summarise", "by": "a", "fields": {"s": {"function": "sum", "field": "b"}}}]}}},
               {"id": "wait", "type": "delay", "data": {"config": {"duration": "{{input.wait}}"}}},
               {"id": "last", "type": "stop", "data": {"config": {"status": "success", "output": [1]}}},
               {"id": "note", "type": "note", "data": {"retry": 5}}],
             "edges": [{"id": "e", "source": "start", "sourceHandle": null, "target": "set", "targetHandle": null}]}
            """;

    private static final List<Object> REPLACEMENTS = new ArrayList<>(List.of(
            7,
            -1,
            2.5,
            true,
            "",
            "text",
            "{{input.x}}",
            "10s",
            JsonArray.EMPTY,
            JsonArray.of("text"),
            JsonObject.EMPTY));

    private static WorkflowEngine engine() {
        return WorkflowEngine.create();
    }

    @Test
    void thePublishedSchemaIsThatOfTheBuiltInTypes() {
        try (WorkflowEngine engine = engine()) {
            DocsSection.fileMustBe("workflow.schema.json", Json.writePretty(engine.workflowSchema()) + "\n");
        }
    }

    @Test
    void itIsASchemaAndSaysWhatAHostsTypeNeeds() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("a/b", NodeTraits.PURE_INLINE, call -> null)
                .build()) {
            JsonObject schema = engine.workflowSchema();
            JsonSchema.compileChecked(schema);
            assertThat(Json.object(schema.get("$defs"))).containsKey("a/b");
        }
    }

    @Test
    void everyExampleIsValidByTheSchema() throws IOException {
        try (WorkflowEngine engine = engine();
                Stream<Path> files = Files.list(Path.of("../examples/workflows"))) {
            JsonSchema schema = JsonSchema.compile(engine.workflowSchema());
            List<Path> workflows = files.filter(
                            file -> file.getFileName().toString().matches("[^.]+\\.json"))
                    .toList();
            assertThat(workflows)
                    .hasSizeGreaterThan(2)
                    .allSatisfy(file -> assertThat(schema.validate(Json.parse(Files.readString(file))))
                            .isEmpty());
        }
    }

    /** Puts something else in every place of a document, and asks both whether its form is right. */
    @Test
    void itRefusesWhatTheValidatorRefuses() {
        try (WorkflowEngine engine = engine()) {
            JsonSchema schema = JsonSchema.compile(engine.workflowSchema());
            JsonObject document = Json.object(Json.parse(DOCUMENT));
            assertThat(schema.validate(document)).isEmpty();
            assertThat(formProblems(engine, document)).isEmpty();
            List<String> disagreements = new ArrayList<>();
            int changes = 0;
            for (String pointer : pointers(document, "")) {
                for (Object replacement : REPLACEMENTS) {
                    if (pointer.endsWith("/join") && replacement.equals(-1)) {
                        continue; // To the validator this is a matter of the graph.
                    }
                    Object changed = replaced(document, JsonPointer.parts(pointer), 0, replacement);
                    List<Problem> problems = formProblems(engine, changed);
                    List<JsonSchema.Violation> violations = schema.validate(changed);
                    changes++;
                    if (problems.isEmpty() != violations.isEmpty()) {
                        disagreements.add(
                                pointer + " = " + Json.write(replacement) + ": " + problems + " / " + violations);
                    }
                }
            }
            assertThat(changes).isGreaterThan(1000);
            assertThat(String.join("\n", disagreements)).isEmpty();
        }
    }

    private static List<Problem> formProblems(WorkflowEngine engine, Object document) {
        List<Problem> problems;
        try {
            problems = engine.validate(WorkflowJson.parse(Json.write(document)));
        } catch (InvalidWorkflowException e) {
            problems = e.problems();
        }
        return problems.stream().filter(WorkflowSchemaTest::isAboutForm).toList();
    }

    /** That exactly one of two fields is there is said in Java, whose message is the better one. */
    private static boolean isAboutForm(Problem problem) {
        return FORM.contains(problem.code()) && !String.valueOf(problem.hint()).contains("exactly one of the two");
    }

    private static List<String> pointers(Object value, String pointer) {
        List<String> pointers = new ArrayList<>();
        if (value instanceof JsonObject object) {
            for (Map.Entry<String, Object> entry : object.entrySet()) {
                String below = JsonPointer.child(pointer, entry.getKey());
                pointers.add(below);
                pointers.addAll(pointers(entry.getValue(), below));
            }
        } else if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                pointers.add(pointer + "/" + i);
                pointers.addAll(pointers(array.get(i), pointer + "/" + i));
            }
        }
        return pointers;
    }

    private static Object replaced(Object value, List<String> steps, int at, Object replacement) {
        if (at == steps.size()) {
            return Json.of(replacement);
        }
        if (value instanceof JsonObject object) {
            return object.with(steps.get(at), replaced(object.get(steps.get(at)), steps, at + 1, replacement));
        }
        List<Object> elements = new ArrayList<>((JsonArray) value);
        int position = JsonPointer.position(steps.get(at));
        elements.set(position, replaced(elements.get(position), steps, at + 1, replacement));
        return Json.of(elements);
    }
}
