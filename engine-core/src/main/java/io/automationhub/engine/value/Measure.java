package io.automationhub.engine.value;

import org.jspecify.annotations.Nullable;

/** What an object or an array knows of its parts from the beginning, found in one pass over them. */
final class Measure {

    /** An escape, the longest form of a character. */
    private static final int MOST_OF_CHARACTER = 6;

    private static final int MOST_OF_WORD = 5;

    private int depth;
    private boolean numberText;
    private long mostBytes = 2;

    void addKey(String key) {
        mostBytes = Json.plus(mostBytes, mostBytes(key) + 1);
    }

    void add(@Nullable Object part) {
        long most;
        if (part instanceof JsonObject object) {
            depth = Math.max(depth, object.depth());
            numberText |= object.hasNumberText();
            most = object.mostBytes();
        } else if (part instanceof JsonArray array) {
            depth = Math.max(depth, array.depth());
            numberText |= array.hasNumberText();
            most = array.mostBytes();
        } else {
            numberText |= part instanceof NumberText;
            most = mostBytes(part);
        }
        mostBytes = Json.plus(mostBytes, most + 1);
    }

    /** More than the bytes that the compact JSON text of null, a boolean, a number or a text has in UTF-8, or as many. */
    static long mostBytes(@Nullable Object scalar) {
        if (scalar instanceof String text) {
            return 2L + (long) MOST_OF_CHARACTER * text.length();
        }
        return scalar instanceof Number number ? Numbers.mostLength(number) : MOST_OF_WORD;
    }

    /** Of the deepest part; 0 if none has parts itself. */
    int depth() {
        return depth;
    }

    /** Whether one is, or has in it, a number as it was written. */
    boolean hasNumberText() {
        return numberText;
    }

    /** What the compact JSON text of all of them has in UTF-8 at most, with what stands around and between them. */
    long mostBytes() {
        return mostBytes;
    }
}
