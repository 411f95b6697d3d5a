package io.automationhub.benchmarks.http;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** The ways of {@link RequestWays} in turn, by callers at the same time and the kind of their threads. */
public final class RequestRounds {

    private static final int CROWD = 32;

    private RequestRounds() {}

    /** @param args how many rounds; 36 if none is given */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 36;
        try (RequestWays ways = new RequestWays()) {
            Map<String, Callable<Object>> named = new LinkedHashMap<>();
            named.put("OkHttp", ways::okHttp);
            named.put("OkHttp, own thread", ways::okHttpOnAThreadOfItsOwn);
            named.put("door", ways::door);
            named.put("http.request", ways::workflow);
            named.put("http.request, caller", ways::workflowOnTheCallersThread);
            Rounds all = new Rounds(named, rounds);
            all.measure("1 caller", 1, Executors.newCachedThreadPool());
            all.measure("1 caller on a virtual thread", 1, BenchmarkThreads.perTask());
            all.measure(CROWD + " callers on virtual threads", CROWD, BenchmarkThreads.perTask());
        }
    }
}
