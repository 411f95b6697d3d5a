package io.automationhub.benchmarks.memory;

import static io.automationhub.engine.nodes.Nodes.condition;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowBuilder;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** This engine, with history and timings on, and one listener unless it is bare. */
final class OurEngine implements Contender {

    private static final int SLEEP_MILLIS = 50;

    private final LongAdder heard = new LongAdder();
    private final WorkflowEngine engine;

    OurEngine(boolean listener) {
        WorkflowEngine.Builder builder = WorkflowEngine.builder()
                .node("inc0", NodeTraits.PURE_INLINE, call -> PlainJava.STEPS[0].applyAsLong((Long) call.previous()))
                .node("inc1", NodeTraits.PURE_INLINE, call -> PlainJava.STEPS[1].applyAsLong((Long) call.previous()))
                .node("inc2", NodeTraits.PURE_INLINE, call -> PlainJava.STEPS[2].applyAsLong((Long) call.previous()))
                .node("inc3", NodeTraits.PURE_INLINE, call -> PlainJava.STEPS[3].applyAsLong((Long) call.previous()))
                .node("sum", NodeTraits.PURE_INLINE, OurEngine::sum)
                .node("step", call -> PlainJava.STEPS[1].applyAsLong((Long) call.previous()))
                .node("sleep", call -> {
                    Contender.sleep(SLEEP_MILLIS);
                    return 1L;
                });
        if (listener) {
            builder.listener(events -> heard.add(events.size()));
        }
        engine = builder.build();
    }

    private static Object sum(ExecutionContext call) {
        long sum = 0;
        for (Object value : ((Map<?, ?>) call.previous()).values()) {
            sum += (Long) value;
        }
        return sum;
    }

    private static NodeSpec inc(int number) {
        return node("n" + number, "inc" + (number & 3));
    }

    @Override
    public LongSupplier chain(int length) {
        WorkflowBuilder chain = Workflow.builder("chain").start(inc(0));
        for (int i = 1; i < length; i++) {
            chain.then(inc(i));
        }
        return run(chain.build());
    }

    @Override
    public LongSupplier fan(int width) {
        return run(fan(width, "inc1"));
    }

    /** The same fan with nodes that each get a thread. */
    LongSupplier dispatchedFan(int width) {
        return run(fan(width, "step"));
    }

    private static Workflow fan(int width, String type) {
        NodeSpec[] branches = new NodeSpec[width];
        for (int i = 0; i < width; i++) {
            branches[i] = node("b" + i, type);
        }
        return Workflow.builder("fan")
                .start(inc(0))
                .parallel(branches)
                .then(node("join", "sum"))
                .build();
    }

    @Override
    public LongSupplier diamond() {
        return run(Workflow.builder("diamond")
                .start(inc(0))
                .then(condition("if", "previous >= 0"))
                .when("true", inc(1))
                .when("false", inc(2))
                .then(inc(3))
                .build());
    }

    @Override
    public LongSupplier blocking(int width, int millis) {
        NodeSpec[] branches = new NodeSpec[width];
        for (int i = 0; i < width; i++) {
            branches[i] = node("b" + i, "sleep");
        }
        return run(Workflow.builder("blocking")
                .maxParallelism(width)
                .start(inc(0))
                .parallel(branches)
                .then(node("join", "sum"))
                .build());
    }

    private LongSupplier run(Workflow workflow) {
        return () -> (Long) engine.run(workflow, 0L).output();
    }

    @Override
    public void close() {
        engine.close();
    }
}
