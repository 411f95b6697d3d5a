package io.automationhub.ai.node;

import io.automationhub.ai.budget.Budget;
import io.automationhub.ai.guard.GuardrailSet;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at the schema, the budget and the guardrails of a node before anything runs. */
final class ConfigCheck {

    private ConfigCheck() {}

    static List<Problem> problems(WorkflowNode node) {
        List<Problem> problems = new ArrayList<>();
        try {
            if (node.config().get("schema") instanceof JsonObject schema) {
                JsonSchema unused = JsonSchema.compileChecked(schema);
            }
        } catch (IllegalArgumentException e) {
            problems.add(wrong(node, "/schema", e));
        }
        try {
            Optional<Budget> unused = PromptConfig.budget(node);
        } catch (IllegalArgumentException e) {
            problems.add(wrong(node, "/budget", e));
        }
        try {
            GuardrailSet unused = PromptConfig.guardrails(node);
        } catch (IllegalArgumentException e) {
            problems.add(wrong(node, "/guardrails", e));
        }
        return problems;
    }

    private static Problem wrong(WorkflowNode node, String pointer, IllegalArgumentException e) {
        return Problem.of(ProblemCode.INVALID_CONFIG, pointer, node.id(), String.valueOf(e.getMessage()), null);
    }
}
