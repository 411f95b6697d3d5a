package io.automationhub.connectors.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks hosts up on threads of its own, because the system's look-up has no bound in time and hears of no interrupt. Safe for use
 * by several threads.
 */
final class BoundedResolver implements HostResolver, AutoCloseable {

    /** So many look-ups may be stuck before further ones are refused. */
    private static final int MOST_THREADS = 64;

    private static final long IDLE_SECONDS = 10;

    private final HostResolver resolver;
    private final Duration most;
    private final ExecutorService threads;

    /** A look-up took longer than it may. */
    static final class TooLongException extends UnknownHostException {

        private static final long serialVersionUID = 1L;

        TooLongException(String host) {
            super(host);
        }
    }

    BoundedResolver(HostResolver resolver, Duration most) {
        this.resolver = resolver;
        // As for connecting, nothing means no bound.
        this.most = most.isZero() ? Duration.ofDays(1) : most;
        threads = new ThreadPoolExecutor(
                0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                    Thread thread = new Thread(work, "automation-hub-look-up");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        Future<List<InetAddress>> found;
        try {
            found = threads.submit(() -> resolver.resolve(host));
        } catch (RejectedExecutionException e) {
            throw new TooLongException(host);
        }
        try {
            return found.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            boolean unused = found.cancel(true);
            throw new TooLongException(host);
        } catch (InterruptedException e) {
            boolean unused = found.cancel(true);
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host);
        } catch (ExecutionException e) {
            throw unknown(host, e.getCause() == null ? e : e.getCause());
        }
    }

    private static UnknownHostException unknown(String host, Throwable cause) {
        if (cause instanceof UnknownHostException known) {
            return known;
        }
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
