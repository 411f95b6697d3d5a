package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import java.util.Map;

/** The first example of README: a condition decides between a node of the host's own and a built-in one. */
public final class SupportTriage {

    private SupportTriage() {}

    /** Runs the example. */
    public static void main(String[] args) {
        // README: first example
        Workflow triage = Workflow.builder("support-triage")
                .start(manualTrigger("ticket"))
                .then(condition("urgent", "input.priority == 'high'"))
                .when("true", node("page", "pager.alert").with("text", "{{input.subject}}"))
                .when("false", log("filed", "Filed: {{input.subject}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("pager.alert", call -> "paged: " + call.text("text"))
                .build()) {
            System.out.println(engine.run(triage, Map.of("priority", "high", "subject", "DB down"))
                    .output());
        }
        // README: end
    }
}
