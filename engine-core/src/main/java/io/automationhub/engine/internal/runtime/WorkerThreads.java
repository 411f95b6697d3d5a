package io.automationhub.engine.internal.runtime;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionHandler;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives each attempt that may block a thread: a virtual one on Java 21 and later, one of a growing pool on Java 17. How
 * many run at a time is bounded by the runs, not here.
 *
 * <p>No thread inherits thread locals, which would be those of whoever came first; all have the context class loader of
 * who made the engine.
 */
public final class WorkerThreads implements Executor, AutoCloseable {

    /** How many threads stand in beside virtual ones: a few more than web servers usually have for requests. */
    static final int MAX_STANDING_IN = 256;

    private static final long KEPT_SECONDS = 60;

    private final @Nullable ClassLoader loader = Thread.currentThread().getContextClassLoader();
    private final AtomicInteger atWork = new AtomicInteger();
    private final ExecutorService pool;
    private final Executor each;

    /** Threads that are started when they are needed. */
    public WorkerThreads() {
        ThreadFactory virtual = VirtualThreads.factory();
        if (virtual == null) {
            pool = pool(Integer.MAX_VALUE, new AbortPolicy());
            each = pool;
        } else {
            each = work -> start(virtual.newThread(work));
            pool = pool(MAX_STANDING_IN, (work, full) -> each.execute(work));
        }
    }

    private ExecutorService pool(int most, RejectedExecutionHandler beyond) {
        AtomicLong count = new AtomicLong();
        ThreadFactory factory = work -> {
            Thread thread = new Thread(null, work, "automation-hub-worker-" + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(loader);
            return thread;
        };
        return new ThreadPoolExecutor(
                0, most, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory, beyond);
    }

    private void start(Thread thread) {
        thread.setContextClassLoader(loader);
        thread.start();
    }

    @Override
    public void execute(Runnable work) {
        execute(work, each);
    }

    /**
     * Does the work of a run for whose end the calling thread waits, on a thread of the same kind: a virtual one hears of its
     * socket from another thread, and where a platform thread waits that change of threads can be spared.
     */
    void standIn(Runnable work) {
        execute(work, VirtualThreads.isCurrent() ? each : pool);
    }

    private void execute(Runnable work, Executor threads) {
        atWork.incrementAndGet();
        try {
            threads.execute(() -> {
                try {
                    work.run();
                } finally {
                    atWork.decrementAndGet();
                }
            });
        } catch (Throwable e) {
            atWork.decrementAndGet();
            throw e;
        }
    }

    /** Does the work on the calling thread, which counts meanwhile. */
    void onThisThread(Runnable work) {
        atWork.incrementAndGet();
        try {
            work.run();
        } finally {
            atWork.decrementAndGet();
        }
    }

    /** Whether a thread is at work, or about to be. What a thread begins on another one counts before it ends itself. */
    boolean areBusy() {
        return atWork.get() > 0;
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
