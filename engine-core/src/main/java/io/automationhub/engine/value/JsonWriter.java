package io.automationhub.engine.value;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes values as JSON text (RFC 8259) in UTF-8. Depth is bounded by the limits under which a value was made. */
final class JsonWriter {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private static final int LEAST_AT_ONCE = 32;
    private static final int MOST_AT_ONCE = 4_096;

    /** Arrays of more bytes are refused by some virtual machines. */
    private static final int LARGEST = Integer.MAX_VALUE - 8;

    /** As long as an escaped character gets, and longer than any other. */
    private static final int LONGEST_CHARACTER = 6;

    private static final int ASCII = 0x80;

    private final boolean pretty;
    private byte[] out = {};
    private int size;

    JsonWriter(boolean pretty) {
        this.pretty = pretty;
    }

    String text(@Nullable Object value) {
        write(value);
        return new String(out, 0, size, StandardCharsets.UTF_8);
    }

    byte[] bytes(@Nullable Object value) {
        write(value);
        return Arrays.copyOf(out, size);
    }

    private void write(@Nullable Object value) {
        // Most characters are a byte of the six that they may be.
        long likely = Json.mostBytes(value) / 5;
        out = new byte[(int) Math.max(LEAST_AT_ONCE, Math.min(likely, MOST_AT_ONCE))];
        append(value, 0);
    }

    private void append(@Nullable Object value, int level) {
        if (value instanceof String text) {
            appendText(text);
        } else if (value instanceof JsonObject object) {
            appendObject(object, level);
        } else if (value instanceof JsonArray array) {
            appendArray(array, level);
        } else {
            appendAscii(Json.text(value));
        }
    }

    private void appendObject(JsonObject object, int level) {
        append('{');
        for (int i = 0; i < object.size(); i++) {
            separate(i, level + 1);
            appendText(object.keyAt(i));
            append(':');
            if (pretty) {
                append(' ');
            }
            append(object.valueAt(i), level + 1);
        }
        close('}', object.isEmpty(), level);
    }

    private void appendArray(JsonArray array, int level) {
        append('[');
        for (int i = 0; i < array.size(); i++) {
            separate(i, level + 1);
            append(array.get(i), level + 1);
        }
        close(']', array.isEmpty(), level);
    }

    private void separate(int position, int level) {
        if (position > 0) {
            append(',');
        }
        breakLine(level);
    }

    private void close(char bracket, boolean empty, int level) {
        if (!empty) {
            breakLine(level);
        }
        append(bracket);
    }

    private void breakLine(int level) {
        if (pretty) {
            append('\n');
            appendAscii("  ".repeat(level));
        }
    }

    private void append(char c) {
        makeRoom(1);
        out[size++] = (byte) c;
    }

    private void appendAscii(String text) {
        makeRoom(text.length());
        for (int i = 0; i < text.length(); i++) {
            out[size++] = (byte) text.charAt(i);
        }
    }

    /** Most texts are of letters that stand as they are, a byte each. */
    private void appendText(String text) {
        int length = text.length();
        makeRoom(length + 2L);
        byte[] to = out;
        int at = size;
        to[at++] = '"';
        int i = 0;
        for (; i < length; i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= ASCII || c == '"' || c == '\\') {
                break;
            }
            to[at++] = (byte) c;
        }
        size = at;
        if (i < length) {
            appendOthers(text, i);
        }
        append('"');
    }

    private void appendOthers(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            makeRoom(LONGEST_CHARACTER);
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || isLoneSurrogate(text, i)) {
                appendEscaped(c);
            } else if (c < ASCII) {
                out[size++] = (byte) c;
            } else if (Character.isSurrogate(c)) {
                i++;
                appendMultibyte(Character.toCodePoint(c, text.charAt(i)));
            } else {
                appendMultibyte(c);
            }
        }
    }

    /** UTF-8, RFC 3629. */
    private void appendMultibyte(int codePoint) {
        int more = codePoint < 0x800 ? 1 : codePoint < Character.MIN_SUPPLEMENTARY_CODE_POINT ? 2 : 3;
        out[size++] = (byte) (0xF00 >> more + 1 | codePoint >> 6 * more);
        for (int shift = 6 * (more - 1); shift >= 0; shift -= 6) {
            out[size++] = (byte) (0x80 | codePoint >> shift & 0x3F);
        }
    }

    /** Control characters and halves of surrogate pairs have no UTF-8 form of their own. */
    private void appendEscaped(char c) {
        out[size++] = '\\';
        switch (c) {
            case '"', '\\' -> out[size++] = (byte) c;
            case '\n' -> out[size++] = 'n';
            case '\r' -> out[size++] = 'r';
            case '\t' -> out[size++] = 't';
            default -> {
                out[size++] = 'u';
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out[size++] = HEX[c >> shift & 0xF];
                }
            }
        }
    }

    private void makeRoom(long more) {
        long needed = size + more;
        if (needed > out.length) {
            if (needed > LARGEST) {
                throw new JsonException(
                        JsonException.Reason.TOO_LARGE,
                        "A value has more than " + LARGEST + " bytes as JSON, which no array holds; write it in parts");
            }
            out = Arrays.copyOf(out, (int) Math.min(LARGEST, Math.max(needed, 2L * out.length)));
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
