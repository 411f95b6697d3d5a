package io.automationhub.engine.value;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Places in a value, written by RFC 6901: {@code /nodes/0/id}. */
public final class JsonPointer {

    private JsonPointer() {}

    /** The pointer to what has a key in what stands at {@code pointer}. */
    public static String child(String pointer, String key) {
        return pointer + "/" + key.replace("~", "~0").replace("/", "~1");
    }

    /** The keys and positions that a pointer names, one after the other. */
    public static List<String> parts(String pointer) {
        return pointer.isEmpty()
                ? List.of()
                : Arrays.stream(pointer.substring(1).split("/", -1))
                        .map(JsonPointer::unescaped)
                        .toList();
    }

    private static String unescaped(String part) {
        return part.indexOf('~') < 0 ? part : part.replace("~1", "/").replace("~0", "~");
    }

    /** What stands at a place; null if nothing does. */
    public static @Nullable Object read(@Nullable Object value, String pointer) {
        Object here = value;
        int begin = 1;
        while (begin <= pointer.length() && here != null) {
            int slash = pointer.indexOf('/', begin);
            int end = slash < 0 ? pointer.length() : slash;
            here = step(here, unescaped(pointer.substring(begin, end)));
            begin = end + 1;
        }
        return here;
    }

    /** What stands under a key or a position of {@code value}; null if nothing does. */
    public static @Nullable Object step(@Nullable Object value, String part) {
        if (value instanceof JsonArray list) {
            int at = position(part);
            return at >= 0 && at < list.size() ? list.get(at) : null;
        }
        return value instanceof JsonObject object ? object.get(part) : null;
    }

    /** The position that a part of a pointer is; -1 if it is a key. */
    public static int position(String part) {
        return !part.isEmpty() && part.length() < 10 && hasDigitsOnly(part) ? Integer.parseInt(part) : -1;
    }

    private static boolean hasDigitsOnly(String part) {
        for (int i = 0; i < part.length(); i++) {
            if (part.charAt(i) < '0' || part.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }
}
