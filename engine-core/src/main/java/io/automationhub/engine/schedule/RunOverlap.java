package io.automationhub.engine.schedule;

import java.util.Arrays;
import java.util.Locale;

/** What becomes of a firing while the run of the one before has not ended. */
public enum RunOverlap {

    /** It begins beside it. */
    ALLOW,

    /** It does not take place. */
    SKIP,

    /** It begins when the other has ended. Of several that wait, the last one does. */
    QUEUE,

    /** It begins, and the other is cancelled. */
    CANCEL;

    /** The name in files. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if there is none of that name */
    public static RunOverlap of(String name) {
        return Arrays.stream(values())
                .filter(each -> each.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name
                        + "' is no policy for overlapping runs; write 'allow', 'skip', 'queue' or 'cancel'"));
    }
}
