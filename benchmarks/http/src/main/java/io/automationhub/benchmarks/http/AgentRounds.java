package io.automationhub.benchmarks.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** The ways of {@link AgentWays} in turn, by callers at the same time and the kind of their threads. */
public final class AgentRounds {

    private static final int CROWD = 32;
    private static final int ROUNDS = 84;
    private static final String LANG_CHAIN = "LangChain4j agentic";

    private AgentRounds() {}

    /** @param args how often the tool is called, once if it is not given; and how many rounds, {@value #ROUNDS} if not */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int calls = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;
        try (AgentWays ways = new AgentWays(calls)) {
            Map<String, Callable<Object>> named = new LinkedHashMap<>();
            named.put("the exchanges", ways::okHttp);
            named.put(LANG_CHAIN, ways::langChain);
            named.put("ai.agent", ways::agent);
            named.put("ai.agent, callerRuns", ways::agentOnCaller);
            Rounds all = new Rounds(named, rounds, LANG_CHAIN);
            all.measure("1 caller", 1, Executors.newCachedThreadPool());
            all.measure(CROWD + " callers on virtual threads", CROWD, BenchmarkThreads.perTask());
        }
    }
}
