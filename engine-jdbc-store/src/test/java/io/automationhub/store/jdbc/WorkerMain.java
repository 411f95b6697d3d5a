package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/**
 * A process that takes runs and may be killed at any time. Arguments: the address of the database, the folder of the
 * ledger and its name.
 */
final class WorkerMain {

    private WorkerMain() {}

    /** How long others wait until they find that a process died. */
    static final Duration LEASE = Duration.ofMillis(1500);

    public static void main(String[] arguments) throws InterruptedException {
        Ledger ledger = new Ledger(Path.of(arguments[1]), arguments[2]);
        WorkflowEngine engine = builder(JdbcWorkflowStore.create(Database.pool(arguments[0])))
                .processName(arguments[2])
                .node("effect", context -> effect(context, ledger))
                .build();
        for (int run = 0; run < Integer.parseInt(arguments[3]); run++) {
            ExecutionHandle unused = engine.start(chain(), Map.of("n", run));
        }
        System.out.println("ready");
        System.out.flush();
        Thread.currentThread().join();
    }

    static WorkflowEngine.Builder builder(JdbcWorkflowStore store) {
        return WorkflowEngine.builder()
                .store(store)
                .leaseTime(LEASE)
                .pollInterval(Duration.ofMillis(50))
                .keepWaiting(Duration.ofMillis(200));
    }

    /** Writes to the ledger, takes a while, and fails at first where its configuration says so. */
    private static Object effect(ExecutionContext context, Ledger ledger) throws InterruptedException {
        String body = context.config().toString();
        ledger.write(true, context.idempotencyKey(), context.attempt(), body);
        Thread.sleep(context.value("takes") instanceof Long millis ? millis : 5 + new Random().nextInt(25));
        ledger.write(false, context.idempotencyKey(), context.attempt(), body);
        if (context.value("failures") instanceof Long failures && context.attempt() <= failures) {
            throw new IllegalStateException("It fails at first");
        }
        return JsonObject.of("did", context.value("what"));
    }

    /** Ten steps, of which the first takes so long that all runs can be seen in it. */
    static Workflow chain() {
        var builder = Workflow.builder("chain").start(manualTrigger("begin"));
        for (int i = 1; i <= 10; i++) {
            builder = builder.then(
                    node("s" + i, "effect").with("what", "{{input.n}}-" + i).with("takes", i == 1 ? 1000 : null));
        }
        return builder.build();
    }

    /** What others call. */
    static Workflow child() {
        return Workflow.builder("campaign-child")
                .start(manualTrigger("begin"))
                .then(node("inner", "effect").with("what", "child of {{input.n}}"))
                .build();
    }

    /** Branches, a retry, a timer, a group, a child and a signal. */
    static Workflow campaign() {
        return WorkflowJson.parse("""
                {"format": 1, "id": "campaign",
                 "output": {"left": "{{nodes.left.output.did}}", "right": "{{nodes.right.output.did}}",
                            "each": "{{nodes.each.output}}", "call": "{{nodes.call.output.did}}",
                            "signal": "{{nodes.signal.output.data}}", "last": "{{nodes.last.output.did}}"},
                 "nodes": [
                  {"id": "begin", "type": "trigger.manual"},
                  {"id": "left", "type": "effect", "data": {"config": {"what": "left {{input.n}}"}}},
                  {"id": "right", "type": "effect", "data": {"config": {"what": "right {{input.n}}", "failures": 2},
                    "retry": {"maxAttempts": 5, "initialDelay": "20ms"}}},
                  {"id": "delay", "type": "delay", "data": {"config": {"duration": "300ms"}}},
                  {"id": "each", "type": "forEach", "data": {"config": {"items": "[1, 2, 3]", "parallel": 2}}},
                  {"id": "item", "type": "effect", "parentId": "each",
                    "data": {"config": {"what": "item {{item}} of {{input.n}}"}}},
                  {"id": "call", "type": "workflow.call",
                    "data": {"config": {"workflow": "campaign-child", "input": {"n": "{{input.n}}"}}}},
                  {"id": "signal", "type": "wait.signal", "data": {"config": {"name": "go", "key": "{{input.n}}"}}},
                  {"id": "last", "type": "effect", "data": {"config": {"what": "last {{input.n}}"}}}
                 ],
                 "edges": [
                  {"source": "begin", "target": "left"}, {"source": "begin", "target": "right"},
                  {"source": "left", "target": "delay"}, {"source": "delay", "target": "each"},
                  {"source": "right", "target": "each"}, {"source": "each", "target": "call"},
                  {"source": "call", "target": "signal"}, {"source": "signal", "target": "last"}
                 ]}
                """);
    }
}
