package io.automationhub.engine.value;

import org.jspecify.annotations.Nullable;

/** Writes values as JSON text (RFC 8259). Depth is bounded by the limits under which a value was made. */
final class JsonWriter {

    private static final String HEX = "0123456789abcdef";

    private static final int LONGEST_AT_ONCE = 4_096;

    private final StringBuilder out = new StringBuilder();
    private final boolean pretty;

    JsonWriter(boolean pretty) {
        this.pretty = pretty;
    }

    String write(@Nullable Object value) {
        // Most characters are a byte of the six that they may be.
        out.ensureCapacity((int) Math.min(Json.mostBytes(value) / 5, LONGEST_AT_ONCE));
        append(value, 0);
        return out.toString();
    }

    private void append(@Nullable Object value, int level) {
        if (value instanceof String text) {
            appendText(text);
        } else if (value instanceof JsonObject object) {
            appendObject(object, level);
        } else if (value instanceof JsonArray array) {
            appendArray(array, level);
        } else if (value instanceof Long number) {
            out.append(number.longValue());
        } else {
            out.append(Json.text(value));
        }
    }

    private void appendObject(JsonObject object, int level) {
        out.append('{');
        for (int i = 0; i < object.size(); i++) {
            separate(i, level + 1);
            appendText(object.keyAt(i));
            out.append(pretty ? ": " : ":");
            append(object.valueAt(i), level + 1);
        }
        close('}', object.isEmpty(), level);
    }

    private void appendArray(JsonArray array, int level) {
        out.append('[');
        for (int i = 0; i < array.size(); i++) {
            separate(i, level + 1);
            append(array.get(i), level + 1);
        }
        close(']', array.isEmpty(), level);
    }

    private void separate(int position, int level) {
        if (position > 0) {
            out.append(',');
        }
        breakLine(level);
    }

    private void close(char bracket, boolean empty, int level) {
        if (!empty) {
            breakLine(level);
        }
        out.append(bracket);
    }

    private void breakLine(int level) {
        if (pretty) {
            out.append('\n').append("  ".repeat(level));
        }
    }

    /** Most texts need no escapes, so what needs none is taken over in one piece. */
    private void appendText(String text) {
        out.append('"');
        int done = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || c >= Character.MIN_SURROGATE && isLoneSurrogate(text, i)) {
                out.append(text, done, i);
                appendEscaped(c);
                done = i + 1;
            }
        }
        if (done == 0) {
            out.append(text);
        } else {
            out.append(text, done, text.length());
        }
        out.append('"');
    }

    /** Control characters and halves of surrogate pairs have no UTF-8 form of their own. */
    private void appendEscaped(char c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            default -> {
                out.append('u');
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX.charAt(c >> shift & 0xF));
                }
            }
        }
    }

    /** The bytes of the quoted text in UTF-8. */
    static long encodedSize(String text) {
        long size = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                size += c >= ' ' ? (c == '"' || c == '\\' ? 2 : 1) : (c == '\n' || c == '\r' || c == '\t' ? 2 : 6);
            } else if (c < 0x800) {
                size += 2;
            } else if (Character.isSurrogate(c)) {
                size += isLoneSurrogate(text, i) ? 6 : 2;
            } else {
                size += 3;
            }
        }
        return size;
    }

    private static boolean isLoneSurrogate(String text, int at) {
        char c = text.charAt(at);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
        }
        return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
