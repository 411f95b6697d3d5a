package io.automationhub.connectors.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.MediaType;
import org.jspecify.annotations.Nullable;

/** Reads media types, and remembers the usual ones: a short call would spend more time on them than on its headers. */
final class MediaTypes {

    /** More than hosts and servers have; a boundary of parts makes each a new one, and is longer. */
    private static final int KEPT = 100;

    private static final int LONGEST_KEPT = 40;

    private static final Map<String, MediaType> KNOWN = new ConcurrentHashMap<>();

    private MediaTypes() {}

    /** The media type that a text says; null if it is none. */
    static @Nullable MediaType parse(String text) {
        MediaType known = KNOWN.get(text);
        if (known != null) {
            return known;
        }
        MediaType parsed = MediaType.parse(text);
        if (parsed != null && text.length() <= LONGEST_KEPT && KNOWN.size() < KEPT) {
            KNOWN.put(text, parsed);
        }
        return parsed;
    }
}
