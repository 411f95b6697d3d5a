package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.workflow.RetryPolicy;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Four invitations are sent side by side. One service is busy at first, one address is wrong, and the rest goes on. */
public final class PartialFailures {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private PartialFailures() {}

    private static String send(String address) {
        if (!address.contains("@")) {
            throw new NonRetriableException("address", "'" + address + "' is no address", null);
        }
        if (SEEN.add(address) && address.startsWith("bob")) {
            throw new IllegalStateException("The mail server is busy");
        }
        return "sent to " + address;
    }

    /** Runs the example. */
    public static void main(String[] args) {
        RetryPolicy again = RetryPolicy.attempts(3).delays(Duration.ofMillis(10), 2, null);
        Workflow invite = Workflow.builder("invite")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach")
                                .with("items", "input.guests")
                                .with("parallel", 2)
                                .with("onItemError", "continue"),
                        body -> body.then(
                                node("send", "mail.send").with("to", "{{item}}").retry(again)))
                .then(format("report", "{{previous.compact()}}\n{{nodes.each.errors.map(item.message)}}"))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("mail.send", call -> send(call.text("to")))
                .build()) {
            List<String> guests = List.of("ada@example.org", "bob@example.org", "nowhere", "eve@example.org");
            System.out.println(
                    engine.run(invite, Map.of("guests", guests)).orElseThrow().output());
        }
    }
}
