package io.automationhub.ai.call;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How requests are made again that failed and may succeed: after a random part of a delay that doubles.
 *
 * @param attempts the most for one model
 * @param first the delay after the first failure
 * @param longest the longest delay
 */
public record RetryDelays(int attempts, Duration first, Duration longest) {

    /** As the providers' own clients do it: two more attempts, after up to half a second and a second. */
    public static final RetryDelays STANDARD = new RetryDelays(3, Duration.ofMillis(500), Duration.ofSeconds(8));

    Duration after(int failures) {
        long most = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
    }
}
