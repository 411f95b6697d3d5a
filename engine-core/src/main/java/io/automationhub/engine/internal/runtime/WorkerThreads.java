package io.automationhub.engine.internal.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gives each attempt that may block a thread: a virtual one on Java 21 and later, one of a growing pool on Java 17. How
 * many run at a time is bounded by the runs, not here.
 */
public final class WorkerThreads implements Executor, AutoCloseable {

    /** {@code Thread.startVirtualThread}; null where the platform has none. */
    private static final @Nullable MethodHandle START_VIRTUAL = findStartVirtual();

    private final @Nullable ExecutorService pool;
    private final AtomicInteger atWork = new AtomicInteger();

    /** Threads that are started when they are needed. */
    public WorkerThreads() {
        AtomicLong count = new AtomicLong();
        pool = START_VIRTUAL != null
                ? null
                : Executors.newCachedThreadPool(work -> {
                    Thread thread = new Thread(work, "automation-hub-worker-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public void execute(Runnable work) {
        atWork.incrementAndGet();
        try {
            Runnable counted = () -> {
                try {
                    work.run();
                } finally {
                    atWork.decrementAndGet();
                }
            };
            if (pool != null) {
                pool.execute(counted);
            } else if (START_VIRTUAL != null) {
                startVirtual(START_VIRTUAL, counted);
            }
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

    private static void startVirtual(MethodHandle start, Runnable work) {
        try {
            Thread unused = (Thread) start.invokeExact(work);
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot start a virtual thread", e);
        }
    }

    private static @Nullable MethodHandle findStartVirtual() {
        // On Java 19 and 20 virtual threads are a preview: present, but refused without a flag.
        if (Runtime.version().feature() < 21) {
            return null;
        }
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.shutdown();
        }
    }
}
