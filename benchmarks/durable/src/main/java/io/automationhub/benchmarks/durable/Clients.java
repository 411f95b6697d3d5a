package io.automationhub.benchmarks.durable;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A thread for each chain in flight, for engines whose callers wait. */
final class Clients implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    CompletionStage<?> call(Callable<Object> chain) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        Contender.check(chain.call());
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                threads);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
