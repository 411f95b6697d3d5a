package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVariable.Type;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a caller gets of a re-run; AfterwardsSemanticsTest has what is copied and what is not. */
class RerunTest {

    private static final Workflow WORKFLOW = Workflow.builder("w")
            .input(Map.of("type", "object", "properties", Map.of("n", Map.of("type", "integer"))))
            .variable("who", Type.STRING, "nobody")
            .start(manualTrigger("start"))
            .then(format("first", "first {{input.n}}"))
            .then(node("set", "action.set").with("values", Map.of("who", "{{who}}!")))
            .then(format("second", "{{nodes.first.output}}, second {{input.n}}, {{who}}"))
            .build();

    private final WorkflowEngine engine = WorkflowEngine.create();

    @AfterEach
    void close() {
        engine.close();
    }

    private WorkflowExecution first() {
        return engine.run(ExecutionRequest.of(WORKFLOW).input(Map.of("n", 1)).variable("who", "ann"));
    }

    @Test
    void theWholeRunAgainHasTheSameInputAndTheVariablesOfItsStart() {
        WorkflowExecution run = first();
        assertThat(run.output()).isEqualTo("first 1, second 1, ann!");
        WorkflowExecution again = engine.rerun(RerunRequest.all(run.id())).await();
        assertThat(again.output()).isEqualTo("first 1, second 1, ann!");
        assertThat(again.id()).isNotEqualTo(run.id());
        assertThat(again.origin().orElseThrow().execution()).isEqualTo(run.id());
    }

    @Test
    void anEditedInputIsThatOfWhatRunsAgain() {
        WorkflowExecution run = first();
        assertThat(engine.rerun(RerunRequest.all(run.id()).input(Map.of("n", 2)))
                        .await()
                        .output())
                .isEqualTo("first 2, second 2, ann!");
        assertThat(engine.rerun(RerunRequest.from(run.id(), "second").input(Map.of("n", 3)))
                        .await()
                        .output())
                .as("what is copied was made of the first input")
                .isEqualTo("first 1, second 3, ann!");
        assertThatThrownBy(() -> engine.rerun(RerunRequest.all(run.id()).input(Map.of("n", "two"))))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("/n");
    }

    @Test
    void aRerunCanBeRunAgain() {
        String id = first().id();
        for (int i = 0; i < 3; i++) {
            WorkflowExecution again = engine.rerun(
                            RerunRequest.from(id, "second").output("first", "edited " + i))
                    .await();
            assertThat(again.output()).isEqualTo("edited " + i + ", second 1, ann!");
            id = again.id();
        }
    }

    @Test
    void runsOfOtherTenantsAndUnknownOnesAreRefused() {
        String id = first().id();
        WorkflowEngine other = engine.forTenant("other");
        assertThatThrownBy(() -> other.rerun(RerunRequest.all(id)))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("there is no such run");
        assertThatThrownBy(() -> engine.rerun(RerunRequest.all("no-such")))
                .hasMessageContaining("there is no such run");
    }
}
