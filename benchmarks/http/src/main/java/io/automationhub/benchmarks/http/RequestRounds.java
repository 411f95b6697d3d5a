package io.automationhub.benchmarks.http;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;

/**
 * The ways of {@link RequestWays} in turn, a second each, again and again: so that what else the machine does falls on all of
 * them. Prints the median of the rounds, by callers at the same time and the kind of their threads.
 */
public final class RequestRounds {

    private static final int WARM_UP = 3;
    private static final int CROWD = 32;
    private static final long TURN_NANOS = 1_000_000_000L;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private RequestRounds() {}

    /**
     * What a request took in one turn.
     *
     * @param wallMicros of the turn for each request
     * @param processorMicros of all processors, with those of the server
     */
    private record Turn(double wallMicros, double processorMicros) {}

    /** @param args how many rounds; 9 if none is given */
    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 9;
        try (RequestWays ways = new RequestWays()) {
            measure(ways, "1 caller", 1, Executors.newCachedThreadPool(), rounds);
            measure(ways, "1 caller on a virtual thread", 1, BenchmarkThreads.perTask(), rounds);
            measure(ways, CROWD + " callers on virtual threads", CROWD, BenchmarkThreads.perTask(), rounds);
        }
    }

    private static void measure(RequestWays ways, String title, int callers, ExecutorService threads, int rounds)
            throws InterruptedException, ExecutionException {
        Map<String, Callable<Object>> named = new LinkedHashMap<>();
        named.put("OkHttp", ways::okHttp);
        named.put("OkHttp, own thread", ways::okHttpOnAThreadOfItsOwn);
        named.put("door", ways::door);
        named.put("http.request", ways::workflow);
        Map<String, List<Turn>> turns = new LinkedHashMap<>();
        for (int round = -WARM_UP; round < rounds; round++) {
            for (Map.Entry<String, Callable<Object>> way : named.entrySet()) {
                Turn turn = turn(way.getValue(), callers, threads);
                if (round >= 0) {
                    turns.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                            .add(turn);
                }
            }
        }
        threads.shutdown();
        System.out.println(title);
        double bare = median(turns.get("OkHttp"), Turn::wallMicros);
        turns.forEach((name, all) -> {
            double wall = median(all, Turn::wallMicros);
            System.out.printf(
                    "  %-20s %6.1f µs (%.2f ×), of processors %6.1f µs%n",
                    name, wall, wall / bare, median(all, Turn::processorMicros));
        });
    }

    private static Turn turn(Callable<Object> way, int callers, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        long processors = SYSTEM.getProcessCpuTime();
        long begun = System.nanoTime();
        List<Future<Long>> counts = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            counts.add(threads.submit(() -> countUntil(begun + TURN_NANOS, way)));
        }
        long requests = 0;
        for (Future<Long> count : counts) {
            requests += count.get();
        }
        double nanos = System.nanoTime() - begun;
        double processorNanos = SYSTEM.getProcessCpuTime() - processors;
        return new Turn(nanos / requests / 1000, processorNanos / requests / 1000);
    }

    private static long countUntil(long end, Callable<Object> way) throws Exception {
        long done = 0;
        while (System.nanoTime() - end < 0) {
            way.call();
            done++;
        }
        return done;
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        double[] sorted = turns.stream().mapToDouble(figure).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
