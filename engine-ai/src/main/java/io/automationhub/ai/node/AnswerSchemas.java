package io.automationhub.ai.node;

import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;

/** Looks at the schemas that nodes give for answers before anything runs. */
final class AnswerSchemas {

    private AnswerSchemas() {}

    static List<Problem> problems(WorkflowNode node) {
        if (!(node.config().get("schema") instanceof JsonObject schema)) {
            return List.of();
        }
        try {
            JsonSchema unused = JsonSchema.compileChecked(schema);
            return List.of();
        } catch (IllegalArgumentException e) {
            return List.of(
                    Problem.of(ProblemCode.INVALID_CONFIG, "/schema", node.id(), String.valueOf(e.getMessage()), null));
        }
    }
}
