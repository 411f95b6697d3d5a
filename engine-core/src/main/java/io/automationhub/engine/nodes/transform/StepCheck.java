package io.automationhub.engine.nodes.transform;

import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong with the steps of a transform beyond what their schemas say. */
final class StepCheck {

    private final WorkflowNode node;
    private final List<Problem> problems = new ArrayList<>();

    private StepCheck(WorkflowNode node) {
        this.node = node;
    }

    static List<Problem> problems(WorkflowNode node) {
        StepCheck check = new StepCheck(node);
        if (node.config().get("steps") instanceof JsonArray steps) {
            for (int i = 0; i < steps.size(); i++) {
                if (steps.get(i) instanceof JsonObject step) {
                    check.check(step, "/steps/" + i);
                }
            }
        }
        return check.problems;
    }

    private void check(JsonObject step, String pointer) {
        Operation.of(step.get("op")).ifPresent(operation -> {
            switch (operation) {
                case MAP -> exactlyOne(step, "fields", "value", pointer);
                case SORT, DISTINCT, GROUP -> checkKeys(step, pointer);
                case SUMMARISE -> {
                    checkKeys(step, pointer);
                    checkTotals(step.get("fields"), pointer + "/fields");
                }
                case AGGREGATE -> {
                    if (step.containsKey("as")) {
                        exactlyOne(step, "fields", "as", pointer);
                    }
                }
                default -> {}
            }
        });
    }

    private void checkKeys(JsonObject step, String pointer) {
        if (!(step.get("by") instanceof JsonArray keys)) {
            return;
        }
        boolean named = !"sort".equals(step.get("op")) && !"distinct".equals(step.get("op"));
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i) instanceof JsonObject key) {
                String place = pointer + "/by/" + i;
                exactlyOne(key, "field", "value", place);
                if (named && key.containsKey("value") && !key.containsKey("as")) {
                    add(
                            place,
                            "The key has a 'value', but no name",
                            "add \"as\", the name of the field that it becomes");
                }
            }
        }
    }

    private void checkTotals(@Nullable Object fields, String pointer) {
        if (!(fields instanceof JsonObject totals)) {
            return;
        }
        for (Map.Entry<String, @Nullable Object> entry : totals.entrySet()) {
            if (entry.getValue() instanceof JsonObject total) {
                boolean counts = "count".equals(total.get("function"));
                if (!counts || total.containsKey("field") && total.containsKey("value")) {
                    exactlyOne(total, "field", "value", JsonPointer.child(pointer, entry.getKey()));
                }
            }
        }
    }

    private void exactlyOne(JsonObject object, String first, String second, String pointer) {
        boolean has = object.containsKey(first);
        if (has == object.containsKey(second)) {
            add(
                    pointer,
                    "There is " + (has ? "both" : "neither") + " '" + first + "' " + (has ? "and" : "nor") + " '"
                            + second + "'",
                    "give exactly one of the two");
        }
    }

    private void add(String pointer, String message, String hint) {
        problems.add(Problem.of(ProblemCode.INVALID_CONFIG, pointer, node.id(), message, hint));
    }
}
