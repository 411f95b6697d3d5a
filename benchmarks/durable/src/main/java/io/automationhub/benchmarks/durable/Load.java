package io.automationhub.benchmarks.durable;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps so many chains in flight: as soon as one has ended, the next one begins. */
final class Load {

    private static final long MOST_WAIT_SECONDS = 60;

    private final Contender contender;
    private final CountDownLatch ended;
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile boolean measured;
    private volatile boolean over;

    /**
     * What a window showed.
     *
     * @param chains ended in it
     * @param medianMillis from the start of a chain until its end was durable
     * @param p99Millis the same for the slowest of a hundred
     */
    record Result(int chains, double seconds, double medianMillis, double p99Millis) {

        double perSecond() {
            return chains / seconds;
        }
    }

    private Load(Contender contender, int inFlight) {
        this.contender = contender;
        this.ended = new CountDownLatch(inFlight);
    }

    /**
     * Warms up, measures a window, and waits for what is still in flight.
     *
     * @param window called when the window begins and when it ends
     */
    static Result run(Contender contender, int inFlight, double warmUp, double seconds, Runnable window)
            throws InterruptedException {
        Load load = new Load(contender, inFlight);
        for (int i = 0; i < inFlight; i++) {
            load.next();
        }
        sleep(warmUp);
        window.run();
        long began = System.nanoTime();
        load.measured = true;
        sleep(seconds);
        load.measured = false;
        double took = (System.nanoTime() - began) / 1e9;
        window.run();
        load.over = true;
        if (!load.ended.await(MOST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(contender.name() + " has not ended " + load.ended.getCount()
                    + " chains within " + MOST_WAIT_SECONDS + " s");
        }
        return load.result(took);
    }

    private static void sleep(double seconds) throws InterruptedException {
        Thread.sleep((long) (seconds * 1000));
    }

    private void next() {
        long began = System.nanoTime();
        contender.start().whenComplete((result, error) -> {
            if (error != null) {
                failure.compareAndSet(null, error);
            } else if (measured) {
                nanos.add(System.nanoTime() - began);
            }
            if (over || error != null) {
                ended.countDown();
            } else {
                next();
            }
        });
    }

    private Result result(double seconds) {
        Throwable error = failure.get();
        if (error != null) {
            throw new IllegalStateException(contender.name() + " failed", error);
        }
        long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
        if (sorted.length == 0) {
            return new Result(0, seconds, Double.NaN, Double.NaN);
        }
        Arrays.sort(sorted);
        return new Result(
                sorted.length, seconds, sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6);
    }
}
