package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.RerunRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.workflow.Workflow;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run that failed is run again from where it failed; and a start that comes twice is one run. */
public final class RunAgain {

    private RunAgain() {}

    /** Runs the example. */
    public static void main(String[] args) {
        AtomicBoolean repaired = new AtomicBoolean();
        Workflow report = Workflow.builder("report")
                .start(manualTrigger("start"))
                .then(node("collect", "collect"))
                .then(node("print", "print").with("text", "{{nodes.collect.output}} for {{input.who}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("collect", call -> {
                    System.out.println("collecting");
                    return "numbers";
                })
                .node("print", call -> {
                    if (!repaired.get()) {
                        throw new IllegalStateException("The printer is out of paper");
                    }
                    return "printed " + call.text("text");
                })
                .build()) {
            ExecutionRequest monday =
                    ExecutionRequest.of(report).input(Map.of("who", "Ada")).key("monday");
            WorkflowExecution failed = engine.run(monday);
            System.out.println(failed.error().orElseThrow().message());
            System.out.println(engine.run(monday).id().equals(failed.id()));
            repaired.set(true);
            System.out.println(
                    engine.rerun(RerunRequest.failed(failed.id())).await().output());
            System.out.println(
                    engine.rerun(RerunRequest.from(failed.id(), "print").output("collect", "better numbers"))
                            .await()
                            .output());
        }
    }
}
