package io.automationhub.store.jdbc;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the host's metrics, and does not let what they throw out. */
final class SafeMetrics {

    private static final Logger LOG = LoggerFactory.getLogger(SafeMetrics.class);

    private final StoreMetrics target;

    SafeMetrics(StoreMetrics target) {
        this.target = target;
    }

    void claimed(int runs, long micros) {
        tell(() -> target.claimed(runs, Duration.ofNanos(Math.max(0, micros) * 1000)));
    }

    void recovered(int runs) {
        tell(() -> target.recovered(runs));
    }

    void fenced(long process) {
        tell(() -> target.fenced(process));
    }

    void batch(int turns, long nanos) {
        tell(() -> target.batchWritten(turns, Duration.ofNanos(nanos)));
    }

    void putAside(String problem) {
        tell(() -> target.putAside(problem));
    }

    void deleted(int runs) {
        tell(() -> target.deleted(runs));
    }

    private void tell(Runnable what) {
        if (target == StoreMetrics.NONE) {
            return;
        }
        try {
            what.run();
        } catch (RuntimeException e) {
            LOG.warn("The host's metrics failed", e);
        }
    }
}
