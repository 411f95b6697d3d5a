package io.automationhub.benchmarks.http;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads of both kinds; compiled for Java 17, which has only one. */
final class BenchmarkThreads {

    private BenchmarkThreads() {}

    /** A virtual thread for each task where there are such, and a pool of others where not. */
    static ExecutorService perTask() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool();
        }
    }
}
