package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Workflow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** One run at a time; of those that wait, the one with the highest priority goes first. */
public final class Limits {

    private Limits() {}

    /** Runs the example. */
    public static void main(String[] args) {
        Workflow export = Workflow.builder("export")
                .limit(1)
                .start(manualTrigger("start"))
                .then(node("write", "write").with("name", "{{input}}"))
                .build();
        List<String> written = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch open = new CountDownLatch(1);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("write", call -> {
                    open.await();
                    return written.add(call.text("name"));
                })
                .build()) {
            ExecutionHandle first = engine.start(export, "first");
            ExecutionHandle usual = engine.start(export, "usual");
            ExecutionHandle urgent =
                    engine.start(ExecutionRequest.of(export).input("urgent").priority(10));
            System.out.println(first.status() + " " + usual.status() + " " + urgent.status());
            System.out.println(
                    engine.explain(usual.id()).orElseThrow().reasons().get(0));
            open.countDown();
            usual.await();
            System.out.println(written);
        }
    }
}
