package io.automationhub.engine.schedule;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of a firing on a day that a calendar closes. */
public enum ClosedDays {

    /** It does not take place. */
    SKIP,

    /** It takes place at the same time on the open day before. */
    PREVIOUS,

    /** It takes place at the same time on the next open day. */
    NEXT;

    /** The name in files. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static ClosedDays of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + name + "' is no policy for closed days; write 'skip', 'previous' or 'next'"));
    }
}
