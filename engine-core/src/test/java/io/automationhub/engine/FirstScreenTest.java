package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FirstScreenTest {

    @Test
    void runsTheBranchThatTheConditionTakes() {
        Workflow triage = Workflow.builder("support-triage")
                .start(manualTrigger("ticket"))
                .then(condition("urgent", "input.priority == 'high'"))
                .when("true", node("page", "pager.alert").with("text", "{{input.subject}}"))
                .when("false", log("filed", "Filed: {{input.subject}}"))
                .build();
        List<String> sent = new ArrayList<>();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("pager.alert", call -> sent.add(call.text("text")))
                .build()) {
            WorkflowExecution run = engine.run(triage, Map.of("priority", "high", "subject", "DB down"));
            assertThat(run.orElseThrow().output()).isEqualTo(Map.of("page", true));
            assertThat(sent).containsExactly("DB down");
            WorkflowExecution low = engine.run(triage, Map.of("priority", "low", "subject", "Mouse"));
            assertThat(low.node("page").orElseThrow().status()).isEqualTo(NodeStatus.SKIPPED);
            assertThat(low.logs())
                    .singleElement()
                    .satisfies(line -> assertThat(line.message()).isEqualTo("Filed: Mouse"));
        }
    }
}
