package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.waitForSignal;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import java.util.Map;

/** A run waits, without a thread, for the payment of its order; whoever hears of the payment knows only the order. */
public final class PaymentSignal {

    private PaymentSignal() {}

    /** Runs the example. */
    public static void main(String[] args) {
        Workflow workflow = Workflow.builder("payment")
                .start(manualTrigger("order"))
                .then(waitForSignal("paid", "payment")
                        .with("key", "{{input.order}}")
                        .with("expires", "14d"))
                .when("out", format("thanks", "Thanks for {{nodes.paid.output.data.amount}}"))
                .when("timeout", format("remind", "Please pay order {{input.order}}"))
                .output("{{nodes.thanks.output ?? nodes.remind.output}}")
                .build();
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            ExecutionHandle run = engine.start(workflow, Map.of("order", 4711));
            System.out.println(engine.explain(run.id()).orElseThrow().reasons().get(1));
            System.out.println(engine.signal("payment", "4711", "bank-1", Map.of("amount", 30)));
            System.out.println(engine.signal("payment", "4711", "bank-1", Map.of("amount", 30)));
            System.out.println(run.await().output());
        }
    }
}
