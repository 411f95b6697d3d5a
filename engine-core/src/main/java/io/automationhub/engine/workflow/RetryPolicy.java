package io.automationhub.engine.workflow;

import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a failed attempt is followed by another one.
 *
 * @param maxAttempts attempts in all, the first included; 1 to 1000
 * @param initialDelay the wait before the second attempt
 * @param multiplier what the wait grows by from attempt to attempt; at least 1
 * @param maxDelay the longest wait; null for no cap
 * @param jitter how much of a wait is random, from 0 (nothing) to 1 (between 0 and twice the wait)
 * @param totalTimeout the most time that all attempts and waits together may take; null for no bound
 * @param retryOn the kinds of error that are retried; empty for all
 * @param abortOn the kinds of error that are not retried, even if {@code retryOn} has them
 */
public record RetryPolicy(
        int maxAttempts,
        Duration initialDelay,
        double multiplier,
        @Nullable Duration maxDelay,
        double jitter,
        @Nullable Duration totalTimeout,
        List<String> retryOn,
        List<String> abortOn) {

    /** The most attempts a policy may have. */
    public static final int MOST_ATTEMPTS = 1000;

    /** A hundred years; a longer wait would overflow when it is added to a time. */
    private static final double LONGEST_DELAY_NANOS = 36_525d * 86_400 * 1_000_000_000;

    /** One attempt: what a node without a policy has. */
    public static final RetryPolicy NONE = attempts(1);

    public RetryPolicy {
        if (maxAttempts < 1 || maxAttempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("maxAttempts is 1 to " + MOST_ATTEMPTS + ", but was " + maxAttempts);
        }
        if (!(multiplier >= 1 && multiplier <= 1000)) {
            throw new IllegalArgumentException("multiplier is 1 to 1000, but was " + multiplier);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter is 0 to 1, but was " + jitter);
        }
        retryOn = List.copyOf(retryOn);
        abortOn = List.copyOf(abortOn);
    }

    /** A policy of so many attempts, one second apart at first, doubling up to a minute, nothing random. */
    public static RetryPolicy attempts(int maxAttempts) {
        return new RetryPolicy(
                maxAttempts, Duration.ofSeconds(1), 2, Duration.ofMinutes(1), 0, null, List.of(), List.of());
    }

    /** This policy with other waits: {@code initial}, growing by {@code multiplier} up to {@code max}. */
    public RetryPolicy delays(Duration initial, double growth, @Nullable Duration max) {
        return new RetryPolicy(maxAttempts, initial, growth, max, jitter, totalTimeout, retryOn, abortOn);
    }

    /** This policy with another share of randomness. */
    public RetryPolicy withJitter(double share) {
        return new RetryPolicy(maxAttempts, initialDelay, multiplier, maxDelay, share, totalTimeout, retryOn, abortOn);
    }

    /** This policy with a bound on all attempts together. */
    public RetryPolicy within(Duration total) {
        return new RetryPolicy(maxAttempts, initialDelay, multiplier, maxDelay, jitter, total, retryOn, abortOn);
    }

    /** This policy for these kinds of error only. */
    public RetryPolicy retryingOn(String... kinds) {
        return new RetryPolicy(
                maxAttempts, initialDelay, multiplier, maxDelay, jitter, totalTimeout, List.of(kinds), abortOn);
    }

    /** This policy, but never for these kinds of error. */
    public RetryPolicy abortingOn(String... kinds) {
        return new RetryPolicy(
                maxAttempts, initialDelay, multiplier, maxDelay, jitter, totalTimeout, retryOn, List.of(kinds));
    }

    /** The policy as a file has it, every key written out. */
    JsonObject toJson() {
        return JsonObject.builder()
                .put("maxAttempts", maxAttempts)
                .put("initialDelay", initialDelay.toString())
                .put("multiplier", multiplier)
                .putIfPresent("maxDelay", maxDelay == null ? null : maxDelay.toString())
                .put("jitter", jitter)
                .putIfPresent("totalTimeout", totalTimeout == null ? null : totalTimeout.toString())
                .putIfPresent("retryOn", retryOn.isEmpty() ? null : retryOn)
                .putIfPresent("abortOn", abortOn.isEmpty() ? null : abortOn)
                .build();
    }

    /** Whether an error of this kind is worth another attempt. */
    public boolean retries(String kind) {
        return !abortOn.contains(kind) && (retryOn.isEmpty() || retryOn.contains(kind));
    }

    /**
     * The wait after attempt {@code attempt}, in nanoseconds.
     *
     * @param random from 0 to 1, spreads the wait by {@link #jitter}
     */
    public long delayNanos(int attempt, double random) {
        double grown = (double) initialDelay.toNanos() * Math.pow(multiplier, attempt - 1);
        double capped = maxDelay == null ? grown : Math.min(grown, (double) maxDelay.toNanos());
        double spread = capped * (1 + jitter * (2 * random - 1));
        return (long) Math.min(spread, LONGEST_DELAY_NANOS);
    }
}
