package io.automationhub.benchmarks.memory;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** CompletableFuture: a chain of thenApply, and supplyAsync on a pool of two threads. */
final class Futures implements Contender {

    private final ExecutorService pool = Executors.newFixedThreadPool(2);

    @Override
    public LongSupplier chain(int length) {
        return () -> {
            CompletableFuture<Long> future = CompletableFuture.completedFuture(0L);
            for (int i = 0; i < length; i++) {
                int step = i & 3;
                future = future.thenApply(v -> PlainJava.STEPS[step].applyAsLong(v));
            }
            return future.join();
        };
    }

    @Override
    public LongSupplier fan(int width) {
        return () -> {
            long first = PlainJava.STEPS[0].applyAsLong(0);
            @SuppressWarnings({"unchecked", "rawtypes"})
            CompletableFuture<Long>[] branches = new CompletableFuture[width];
            for (int i = 0; i < width; i++) {
                int step = i & 3;
                branches[i] = CompletableFuture.supplyAsync(() -> PlainJava.STEPS[step].applyAsLong(first), pool);
            }
            CompletableFuture.allOf(branches).join();
            long sum = 0;
            for (CompletableFuture<Long> branch : branches) {
                sum += branch.join();
            }
            return sum;
        };
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
