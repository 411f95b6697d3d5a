package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.workflow.Workflow;
import java.util.Map;

/** An order is reserved, charged and shipped. What was done before something failed is undone, the last thing first. */
public final class OrderSaga {

    private OrderSaga() {}

    /** The workflow; its nodes are the host's. */
    public static Workflow workflow() {
        return Workflow.builder("order-saga")
                .start(manualTrigger("order"))
                .then(node("reserve", "stock.reserve")
                        .with("item", "{{input.item}}")
                        .compensateWith("release"))
                .add(node("release", "stock.release").with("reservation", "{{nodes.reserve.output}}"))
                .then(node("charge", "bank.charge")
                        .with("amount", "{{input.amount}}")
                        .compensateWith("refund"))
                .add(node("refund", "bank.refund").with("payment", "{{nodes.charge.output}}"))
                .then(node("ship", "parcel.ship").with("item", "{{input.item}}"))
                .build();
    }

    private static Object say(String what) {
        System.out.println(what);
        return what;
    }

    /** Runs the example. */
    public static void main(String[] args) {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("stock.reserve", call -> say("reserved " + call.text("item")))
                .node("stock.release", call -> say("undone: " + call.text("reservation")))
                .node("bank.charge", call -> say("charged " + call.text("amount")))
                .node("bank.refund", call -> say("undone: " + call.text("payment")))
                .node("parcel.ship", call -> {
                    throw new NonRetriableException("address", "No such address", null);
                })
                .build()) {
            WorkflowExecution run = engine.run(workflow(), Map.of("item", "lamp", "amount", 30));
            System.out.println(run.status().text() + ", undoing is "
                    + run.compensation().orElseThrow().name().toLowerCase(java.util.Locale.ROOT));
        }
    }
}
