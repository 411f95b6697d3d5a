package io.automationhub.engine.value;

/**
 * How large a value may be.
 *
 * @param maxBytes the most bytes its JSON text may have, in UTF-8
 * @param maxDepth the most levels of objects and arrays
 */
public record JsonLimits(long maxBytes, int maxDepth) {

    /** 16 MB encoded, 200 levels: what a value has when the host sets nothing else. */
    public static final JsonLimits DEFAULT = new JsonLimits(16L * 1024 * 1024, 200);

    public JsonLimits {
        if (maxBytes < 1 || maxDepth < 1 || maxDepth > 1000) {
            throw new IllegalArgumentException("JSON limits need at least 1 byte and 1 to 1000 levels, but were "
                    + maxBytes + " bytes and " + maxDepth + " levels");
        }
    }
}
