package io.automationhub.benchmarks.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/** Tasks submitted to an executor: one virtual thread each where there are such, else a cached pool. */
final class RawExecutor implements Contender {

    private final ExecutorService executor = newExecutor();

    static ExecutorService newExecutor() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool();
        }
    }

    @Override
    public LongSupplier chain(int length) {
        return () -> {
            long v = 0;
            for (int i = 0; i < length; i++) {
                long before = v;
                int step = i & 3;
                v = get(executor.submit(() -> PlainJava.STEPS[step].applyAsLong(before)));
            }
            return v;
        };
    }

    @Override
    public LongSupplier fan(int width) {
        return () -> {
            long first = PlainJava.STEPS[0].applyAsLong(0);
            return sum(width, () -> PlainJava.STEPS[1].applyAsLong(first));
        };
    }

    @Override
    public LongSupplier blocking(int width, int millis) {
        return () -> sum(width, () -> {
            Contender.sleep(millis);
            return 1L;
        });
    }

    private long sum(int width, Callable<Long> work) {
        List<Future<Long>> branches = new ArrayList<>(width);
        for (int i = 0; i < width; i++) {
            branches.add(executor.submit(work));
        }
        long sum = 0;
        for (Future<Long> branch : branches) {
            sum += get(branch);
        }
        return sum;
    }

    private static long get(Future<Long> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
