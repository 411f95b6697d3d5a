package io.automationhub.engine.store;

import org.jspecify.annotations.Nullable;

/** Where values go that are too large to stand in the row of a fact: kept once for each run, under their hash. */
public interface LargeValues {

    /** Keeps every value where it stands. */
    LargeValues NONE = new LargeValues() {
        @Override
        public @Nullable String put(Object value) {
            return null;
        }

        @Override
        public @Nullable Object get(String reference) {
            throw new IllegalStateException("No value is kept under '" + reference + "'");
        }
    };

    /** The reference under which a value is kept now; null if it is to stand in the row. */
    @Nullable
    String put(Object value);

    /**
     * The value under a reference.
     *
     * @throws IllegalStateException if there is none: something was deleted by hand
     */
    @Nullable
    Object get(String reference);
}
