package io.automationhub.engine.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a preview says of a time, or of all times of a day that share a fate.
 *
 * @param planned the time on the clock of the schedule's zone, the first of them if there are several
 * @param at when it fires; null if it does not
 * @param times how many times these are
 * @param reason why it is skipped or shifted; empty if it fires as planned
 */
public record PlannedFiring(LocalDateTime planned, @Nullable Instant at, Outcome outcome, int times, String reason) {

    /** What becomes of a time. */
    public enum Outcome {
        FIRES,
        SHIFTED,
        SKIPPED;

        /** The name in texts and JSON. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
