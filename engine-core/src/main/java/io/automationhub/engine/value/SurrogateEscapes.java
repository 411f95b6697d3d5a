package io.automationhub.engine.value;

/**
 * Halves of surrogate pairs in JSON text (RFC 8259, section 8.2). They are written as escapes, for they have no UTF-8 form, and the
 * parser refuses such escapes in names; as they are it takes them everywhere.
 */
final class SurrogateEscapes {

    private static final int LENGTH = 6;
    private static final int HEX = 16;
    private static final int ASCII = 0x80;

    private SurrogateEscapes() {}

    /** The same text with escapes of halves that stand alone replaced by what they stand for; mistakes are left to the parser. */
    static String unescaped(String json) {
        if (!json.contains("\\ud") && !json.contains("\\uD")) {
            return json;
        }
        StringBuilder out = new StringBuilder(json.length());
        int done = 0;
        for (int i = json.indexOf('\\'); i >= 0; i = json.indexOf('\\', i)) {
            int half = half(json, i);
            if (half < 0) {
                i += 2;
            } else if (Character.isHighSurrogate((char) half) && isLow(half(json, i + LENGTH))) {
                i += 2 * LENGTH;
            } else {
                out.append(json, done, i).append((char) half);
                i += LENGTH;
                done = i;
            }
        }
        return done == 0 ? json : out.append(json, done, json.length()).toString();
    }

    private static boolean isLow(int half) {
        return half >= 0 && Character.isLowSurrogate((char) half);
    }

    /** The half of a pair whose escape stands at a place; -1 if none does. */
    private static int half(String json, int at) {
        if (at + LENGTH > json.length() || json.charAt(at) != '\\' || json.charAt(at + 1) != 'u') {
            return -1;
        }
        int code = 0;
        for (int i = at + 2; i < at + LENGTH; i++) {
            char digit = json.charAt(i);
            if (digit >= ASCII || Character.digit(digit, HEX) < 0) {
                return -1;
            }
            code = HEX * code + Character.digit(digit, HEX);
        }
        return Character.isSurrogate((char) code) ? code : -1;
    }
}
