package io.automationhub.engine.internal.runtime;

import java.time.Duration;

/**
 * How a process takes part in a store that several may share.
 *
 * @param name what people call it
 * @param claims whether it takes runs; if not, it only starts and asks
 * @param ttl after so long without a sign of life, others find that it has died
 * @param poll the most time until it sees what others did
 * @param keep a run that has nothing to do for so long is let go of
 * @param mostCrashes a run of so many processes that died is put aside
 */
public record Sharing(String name, boolean claims, Duration ttl, Duration poll, Duration keep, int mostCrashes) {

    /** A process without a name of its own that takes runs, and is found dead after 30 seconds. */
    public static final Sharing DEFAULT =
            new Sharing("", true, Duration.ofSeconds(30), Duration.ofMillis(500), Duration.ofSeconds(1), 5);
}
