package io.automationhub.benchmarks.memory;

import static org.bsc.langgraph4j.GraphDefinition.END;
import static org.bsc.langgraph4j.GraphDefinition.START;
import static org.bsc.langgraph4j.action.AsyncEdgeAction.edge_async;
import static org.bsc.langgraph4j.action.AsyncNodeAction.node_async;

import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
import org.bsc.langgraph4j.CompileConfig;
import org.bsc.langgraph4j.CompiledGraph;
import org.bsc.langgraph4j.GraphStateException;
import org.bsc.langgraph4j.RunnableConfig;
import org.bsc.langgraph4j.StateGraph;
import org.bsc.langgraph4j.state.AgentState;

/** LangGraph4j. */
final class LangGraph implements Contender {

    private final ExecutorService executor = RawExecutor.newExecutor();

    private static Map<String, Object> inc(AgentState state, int step) {
        long v = state.<Long>value("v").orElseThrow();
        return Map.of("v", PlainJava.STEPS[step & 3].applyAsLong(v));
    }

    @Override
    public LongSupplier chain(int length) {
        try {
            StateGraph<AgentState> graph = new StateGraph<>(AgentState::new);
            String before = START;
            for (int i = 0; i < length; i++) {
                int step = i;
                graph.addNode("n" + i, node_async(state -> inc(state, step)));
                graph.addEdge(before, "n" + i);
                before = "n" + i;
            }
            graph.addEdge(before, END);
            return run(graph);
        } catch (GraphStateException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public LongSupplier fan(int width) {
        return fan(width, 0);
    }

    @Override
    public LongSupplier blocking(int width, int millis) {
        return fan(width, millis);
    }

    private LongSupplier fan(int width, int millis) {
        try {
            StateGraph<AgentState> graph = new StateGraph<>(AgentState::new);
            graph.addNode("s", node_async(state -> inc(state, 0)));
            graph.addEdge(START, "s");
            graph.addNode("join", node_async(LangGraph::sum));
            for (int i = 0; i < width; i++) {
                String key = "part" + i;
                graph.addNode("b" + i, node_async(state -> Map.of(key, part(state, millis))));
                graph.addEdge("s", "b" + i);
                graph.addEdge("b" + i, "join");
            }
            graph.addEdge("join", END);
            CompiledGraph<AgentState> compiled =
                    graph.compile(CompileConfig.builder().recursionLimit(1000).build());
            RunnableConfig config = RunnableConfig.builder()
                    .addParallelNodeExecutor("s", millis > 0 ? executor : Runnable::run)
                    .build();
            return () -> compiled.invoke(Map.of("v", 0L), config)
                    .orElseThrow()
                    .<Long>value("v")
                    .orElseThrow();
        } catch (GraphStateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object part(AgentState state, int millis) {
        if (millis > 0) {
            Contender.sleep(millis);
            return 1L;
        }
        return inc(state, 1).get("v");
    }

    private static Map<String, Object> sum(AgentState state) {
        long sum = 0;
        for (Map.Entry<String, Object> entry : state.data().entrySet()) {
            sum += entry.getKey().startsWith("part") ? (Long) entry.getValue() : 0;
        }
        return Map.of("v", sum);
    }

    @Override
    public LongSupplier diamond() {
        try {
            StateGraph<AgentState> graph = new StateGraph<>(AgentState::new);
            for (int i = 0; i < 4; i++) {
                int step = i;
                graph.addNode("n" + i, node_async(state -> inc(state, step)));
            }
            graph.addEdge(START, "n0");
            graph.addConditionalEdges(
                    "n0",
                    edge_async(state -> state.<Long>value("v").orElseThrow() >= 0 ? "yes" : "no"),
                    Map.of("yes", "n1", "no", "n2"));
            graph.addEdge("n1", "n3");
            graph.addEdge("n2", "n3");
            graph.addEdge("n3", END);
            return run(graph);
        } catch (GraphStateException e) {
            throw new IllegalStateException(e);
        }
    }

    private static LongSupplier run(StateGraph<AgentState> graph) throws GraphStateException {
        CompiledGraph<AgentState> compiled =
                graph.compile(CompileConfig.builder().recursionLimit(1000).build());
        return () ->
                compiled.invoke(Map.of("v", 0L)).orElseThrow().<Long>value("v").orElseThrow();
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
