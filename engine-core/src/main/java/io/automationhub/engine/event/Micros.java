package io.automationhub.engine.event;

import java.time.Instant;

/** Instants as microseconds since 1970, which is how stores keep them. What lies beyond 290,000 years is cut there. */
public final class Micros {

    private static final long PER_SECOND = 1_000_000L;
    private static final long MOST_SECONDS = Long.MAX_VALUE / PER_SECOND - 1;

    private Micros() {}

    /** The microseconds from 1970 to an instant. */
    public static long of(Instant instant) {
        long seconds = Math.max(-MOST_SECONDS, Math.min(MOST_SECONDS, instant.getEpochSecond()));
        return seconds * PER_SECOND + instant.getNano() / 1000;
    }

    /** The instant so many microseconds after 1970. */
    public static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, PER_SECOND), Math.floorMod(micros, PER_SECOND) * 1000);
    }
}
