package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.callWorkflow;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.VersionConflictException;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import java.util.Map;

/** A workflow is published in versions that never change, and another one runs it for each item of a list. */
public final class CalledWorkflows {

    private CalledWorkflows() {}

    private static Workflow greeting(String template) {
        return Workflow.builder("greeting")
                .start(manualTrigger("start"))
                .then(format("greet", template))
                .build();
    }

    /** Runs the example. */
    public static void main(String[] args) {
        Workflow guests = Workflow.builder("guests")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "input").with("parallel", 2),
                        body -> body.then(callWorkflow("greet", "greeting").with("input", Map.of("name", "{{item}}"))))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            engine.workflows().publish(greeting("Hello {{input.name}}"));
            System.out.println(engine.run(guests, List.of("Ada", "Bob")).output());
            System.out.println(engine.workflows()
                    .publish(greeting("Welcome {{input.name}}"))
                    .number());
            System.out.println(engine.run(guests, List.of("Ada", "Bob")).output());
            System.out.println(engine.workflows().diff("greeting", 1, 2).orElseThrow());
            try {
                engine.workflows().publish(greeting("Hi {{input.name}}"), 2);
            } catch (VersionConflictException e) {
                System.out.println("refused: " + e.diff());
            }
        }
    }
}
