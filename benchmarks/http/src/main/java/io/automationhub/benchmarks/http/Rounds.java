package io.automationhub.benchmarks.http;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Several ways to the same in turn, a quarter of a second each, again and again and in another order each time: so that what else the
 * machine does, and what a way leaves behind for the next, falls on all of them. Prints
 * the median of the rounds.
 */
final class Rounds {

    private static final int WARM_UP = 80;
    private static final long TURN_NANOS = 250_000_000L;
    private static final long SEED = 1;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Map<String, Callable<Object>> ways;
    private final int rounds;
    private final @Nullable String measure;

    /**
     * Ways to be compared, also by what they add to the first one.
     *
     * @param ways by name, the one first with which the others are compared
     * @param measure the way of which others add a share; null if no such share is to be printed
     */
    Rounds(Map<String, Callable<Object>> ways, int rounds, @Nullable String measure) {
        this.ways = new LinkedHashMap<>(ways);
        this.rounds = rounds;
        this.measure = measure;
    }

    /**
     * Ways to be compared.
     *
     * @param ways by name, the one first with which the others are compared
     */
    Rounds(Map<String, Callable<Object>> ways, int rounds) {
        this(ways, rounds, null);
    }

    /**
     * What a request took in one turn.
     *
     * @param wallMicros of the turn for each request
     * @param processorMicros of all processors, with those of the server
     * @param kilobytes that were allocated, with those of the server; 0 if the platform does not say
     */
    private record Turn(double wallMicros, double processorMicros, double kilobytes) {}

    /**
     * Measures and prints.
     *
     * @param callers at the same time
     * @param threads on which they are; shut down afterwards
     */
    void measure(String title, int callers, ExecutorService threads) throws InterruptedException, ExecutionException {
        Map<String, List<Turn>> turns = new LinkedHashMap<>();
        ways.keySet().forEach(name -> turns.put(name, new ArrayList<>()));
        List<Map.Entry<String, Callable<Object>>> order = new ArrayList<>(ways.entrySet());
        Random random = new Random(SEED);
        for (int round = -WARM_UP; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (Map.Entry<String, Callable<Object>> way : order) {
                Turn turn = turn(way.getValue(), callers, threads);
                if (round >= 0) {
                    Objects.requireNonNull(turns.get(way.getKey())).add(turn);
                }
            }
        }
        threads.shutdown();
        print(title, turns);
    }

    private void print(String title, Map<String, List<Turn>> turns) {
        System.out.println(title);
        double[] bare = {0};
        turns.forEach((name, all) -> {
            double wall = median(all, Turn::wallMicros);
            bare[0] = bare[0] == 0 ? wall : bare[0];
            System.out.printf(
                    "  %-20s %7.1f µs (%.2f ×), of processors %7.1f µs, allocated %6.1f kB%n",
                    name, wall, wall / bare[0], median(all, Turn::processorMicros), median(all, Turn::kilobytes));
        });
        if (measure != null) {
            printShares(measure, turns);
        }
    }

    /** Of each round by itself, so that what slows the machine down for a while falls on both sides of the division. */
    private static void printShares(String measure, Map<String, List<Turn>> turns) {
        List<Turn> bare = turns.values().iterator().next();
        List<Turn> known = turns.get(measure);
        turns.forEach((name, all) -> {
            if (all != bare && all != known) {
                double[] shares = IntStream.range(0, all.size())
                        .mapToDouble(i -> (all.get(i).wallMicros() - bare.get(i).wallMicros())
                                / (known.get(i).wallMicros() - bare.get(i).wallMicros()))
                        .sorted()
                        .toArray();
                System.out.printf(
                        "  %s adds %.2f of what %s adds (median; the middle half of the rounds %.2f to %.2f)%n",
                        name,
                        shares[shares.length / 2],
                        measure,
                        shares[shares.length / 4],
                        shares[shares.length * 3 / 4]);
            }
        });
    }

    private static Turn turn(Callable<Object> way, int callers, ExecutorService threads)
            throws InterruptedException, ExecutionException {
        long processors = SYSTEM.getProcessCpuTime();
        long allocated = allocated();
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
        double bytes = allocated() - allocated;
        return new Turn(nanos / requests / 1000, processorNanos / requests / 1000, bytes / requests / 1000);
    }

    /** What all threads have allocated, which Java says from 21 on; 0 before. */
    private static long allocated() {
        try {
            return (Long) ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(new ObjectName(ManagementFactory.THREAD_MXBEAN_NAME), "TotalThreadAllocatedBytes");
        } catch (JMException e) {
            return 0;
        }
    }

    private static long countUntil(long end, Callable<Object> way) throws Exception {
        long done = 0;
        while (System.nanoTime() - end < 0) {
            Object unused = way.call();
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
