package io.automationhub.benchmarks.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** The ways of {@link ModelWays} in turn, by callers at the same time and the kind of their threads. */
public final class ModelRounds {

    private static final int CROWD = 32;

    private ModelRounds() {}

    /** @param args how many rounds; 36 if none is given */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 36;
        try (ModelWays ways = new ModelWays()) {
            Map<String, Callable<Object>> named = new LinkedHashMap<>();
            named.put("OkHttp", ways::okHttp);
            named.put("LangChain4j", ways::langChain);
            named.put("ai.prompt", ways::workflow);
            Rounds all = new Rounds(named, rounds);
            all.measure("1 caller", 1, Executors.newCachedThreadPool());
            all.measure(CROWD + " callers on virtual threads", CROWD, BenchmarkThreads.perTask());
        }
    }
}
