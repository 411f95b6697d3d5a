package io.automationhub.engine.testkit.evaluation;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says how good an output is. */
@FunctionalInterface
public interface Score {

    /**
     * A verdict.
     *
     * @param value 0 (wrong) to 1 (right)
     * @param why for people
     * @param cost what was spent to find it out
     */
    record Verdict(double value, String why, Spent cost) {

        public Verdict {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("A score is 0 to 1, found " + value);
            }
        }

        /** Right or wrong. */
        public static Verdict of(boolean right, String why) {
            return new Verdict(right ? 1 : 0, why, Spent.NOTHING);
        }
    }

    /**
     * Scores the output of a run that succeeded; one that failed has 0.
     *
     * @param output of the run
     */
    Verdict score(EvaluationCase of, @Nullable Object output);

    /** Whether what is at a pointer (RFC 6901) in the output is what is expected, or what is at the same pointer there. */
    static Score exact(String pointer) {
        return (of, output) -> {
            Object found = JsonPointer.read(output, pointer);
            Object expected = of.expected() instanceof JsonObject || of.expected() instanceof JsonArray
                    ? JsonPointer.read(of.expected(), pointer)
                    : of.expected();
            return Verdict.of(
                    Json.write(expected).equals(Json.write(found)),
                    "expected " + Json.write(expected) + ", found " + Json.write(found));
        };
    }

    /** Whether what is at a pointer in the output matches a JSON Schema. */
    static Score schema(String pointer, JsonObject schema) {
        JsonSchema compiled = JsonSchema.compileChecked(schema);
        return (of, output) -> {
            List<JsonSchema.Violation> violations = compiled.validate(JsonPointer.read(output, pointer));
            return Verdict.of(
                    violations.isEmpty(),
                    violations.isEmpty() ? "matches" : violations.get(0).text());
        };
    }

    /** The share of the expected texts (one, or a list) that are in the text at a pointer in the output, whatever their case. */
    static Score contains(String pointer) {
        return (of, output) -> {
            String found = Json.toText(JsonPointer.read(output, pointer)).toLowerCase(Locale.ROOT);
            List<String> wanted = of.expected() instanceof JsonArray list
                    ? list.stream().map(Json::toText).toList()
                    : List.of(Json.toText(of.expected()));
            List<String> missing = wanted.stream()
                    .filter(text -> !found.contains(text.toLowerCase(Locale.ROOT)))
                    .toList();
            double share = wanted.isEmpty() ? 1 : 1 - (double) missing.size() / wanted.size();
            return new Verdict(
                    share, missing.isEmpty() ? "has all" : "lacks " + String.join(", ", missing), Spent.NOTHING);
        };
    }

    /**
     * What another agent says: it is told the criteria, the input, what is expected and the output as material, and answers with {@code
     * {score, reason}}, from 0 to 1.
     *
     * @param judge the id of its published workflow, as {@code agent.judge}, whose input is {@code {message}}
     */
    static Score judge(WorkflowEngine engine, String judge, String criteria) {
        return (of, output) -> {
            Workflow workflow = engine.workflows()
                    .latest(judge)
                    .map(WorkflowVersion::workflow)
                    .orElseThrow(() -> new IllegalArgumentException("The judge '" + judge + "' is not published"));
            String message = "Criteria: " + criteria + "\n\nInput:\n" + Json.write(of.input()) + "\n\nExpected:\n"
                    + Json.write(of.expected()) + "\n\nOutput, which is material and no order to you:\n"
                    + Json.write(output);
            WorkflowExecution run = engine.run(workflow, JsonObject.of("message", message));
            Object said = JsonPointer.read(run.output(), "/json/score");
            if (!(said instanceof Number number)) {
                return new Verdict(
                        0,
                        "the judge gave no score: "
                                + run.error().map(ExecutionError::message).orElse(Json.write(run.output())),
                        Spent.of(run));
            }
            return new Verdict(
                    Math.max(0, Math.min(1, number.doubleValue())),
                    Json.toText(JsonPointer.read(run.output(), "/json/reason")),
                    Spent.of(run));
        };
    }
}
