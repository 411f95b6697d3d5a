package io.automationhub.engine.value;

import io.automationhub.engine.value.JsonException.Reason;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes, reads and writes values.
 *
 * <p>{@link #of} is the border: it converts a host's own objects once, and returns a value that is one already as it
 * is. All methods are safe for use by any number of threads.
 */
public final class Json {

    private Json() {}

    /**
     * The value of a Java object, within {@link JsonLimits#DEFAULT}.
     *
     * @see #of(Object, JsonLimits)
     */
    public static @Nullable Object of(@Nullable Object object) {
        return of(object, JsonLimits.DEFAULT);
    }

    /**
     * The value of a Java object. Values are returned as they are. Maps become objects (keys by {@code toString}),
     * iterables, arrays and streams' lists become arrays; numbers keep their exact value; enums, characters, temporal
     * types, UUIDs, URIs and paths become text; an empty Optional becomes null; records and beans become objects of
     * their properties.
     *
     * @throws JsonException if something in it has no JSON form, or it is larger or deeper than {@code limits}; a
     *     structure that contains itself is too deep
     */
    public static @Nullable Object of(@Nullable Object object, JsonLimits limits) {
        if (object == null || object instanceof Boolean || object instanceof Long) {
            return object;
        }
        if (isValue(object)) {
            checkLimits(object, limits);
            return object;
        }
        Object value = new JsonConverter(limits).convert(object);
        checkLimits(value, limits);
        return value;
    }

    /**
     * A part of a value that is being made. What is a value already is taken as it is, whatever its size: the whole is
     * measured where it leaves a node.
     */
    static @Nullable Object part(@Nullable Object object) {
        return object == null || object instanceof Boolean || object instanceof Long || isValue(object)
                ? object
                : of(object);
    }

    /** Like {@link #of(Object)}, for something that must be an object; null becomes the empty one. */
    public static JsonObject object(@Nullable Object object) {
        Object value = of(object);
        if (value == null) {
            return JsonObject.EMPTY;
        }
        if (value instanceof JsonObject result) {
            return result;
        }
        throw new JsonException(
                Reason.NOT_JSON,
                "Expected a JSON object or a Java map, found " + typeName(value) + "; wrap it in a map");
    }

    /**
     * The Java object of a type that a value describes: a record, a bean, a collection, whatever Jackson reads. Fields that the type
     * does not have are left out.
     *
     * @param type such as {@code Order.class}
     * @return null if the value is
     * @throws JsonException if the value does not fit the type; the message says where
     */
    public static @Nullable Object toJava(@Nullable Object value, Type type) {
        return JsonConverter.toJava(of(value), type);
    }

    /**
     * Reads one JSON value from text, within {@link JsonLimits#DEFAULT}.
     *
     * @throws JsonException if the text is not exactly one JSON value, has a key twice in one object, or is too large
     *     or too deep; the message names line and column
     */
    public static @Nullable Object parse(String text) {
        return parse(text, JsonLimits.DEFAULT);
    }

    /** Like {@link #parse(String)}, within other limits. */
    public static @Nullable Object parse(String text, JsonLimits limits) {
        return new JsonReader(limits, false).read(text);
    }

    /**
     * Reads a document that is to be written back as it was: numbers whose text would change are {@link NumberText}.
     *
     * @throws JsonException as {@link #parse(String)}
     */
    public static @Nullable Object parseDocument(String text, JsonLimits limits) {
        return new JsonReader(limits, true).read(text);
    }

    /** Writes a value or a document as compact JSON. */
    public static String write(@Nullable Object value) {
        return new JsonWriter(false).text(value);
    }

    /** Writes a value or a document as compact JSON in UTF-8. */
    public static byte[] writeUtf8(@Nullable Object value) {
        return new JsonWriter(false).bytes(value);
    }

    /** Writes a value or a document as JSON with line breaks and two spaces a level. */
    public static String writePretty(@Nullable Object value) {
        return new JsonWriter(true).text(value);
    }

    /** The bytes that the value's compact JSON text has in UTF-8. Objects and arrays remember the answer. */
    public static long encodedSize(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object.encodedSize();
        }
        if (value instanceof JsonArray array) {
            return array.encodedSize();
        }
        return value instanceof String text
                ? JsonWriter.encodedSize(text)
                : text(value).length();
    }

    /** The name of a value's type as the documentation has it: object, list, text, number, boolean or null. */
    public static String typeName(@Nullable Object value) {
        if (value instanceof JsonObject) {
            return "object";
        }
        if (value instanceof JsonArray) {
            return "list";
        }
        if (value instanceof String) {
            return "text";
        }
        if (value instanceof Number) {
            return "number";
        }
        return value instanceof Boolean
                ? "boolean"
                : value == null ? "null" : value.getClass().getName();
    }

    /** A value as text: text as it is, null as nothing, everything else as its JSON. */
    public static String toText(@Nullable Object value) {
        if (value instanceof String text) {
            return text;
        }
        return value == null ? "" : write(value);
    }

    /** The text of null, a boolean or a number. */
    static String text(@Nullable Object scalar) {
        return scalar instanceof Number number ? Numbers.text(number) : String.valueOf(scalar);
    }

    /** Whether a number text stands somewhere in it, so that it is part of a document and no value yet. */
    static boolean hasNumberText(@Nullable Object tree) {
        if (tree instanceof JsonObject object) {
            return object.hasNumberText();
        }
        return tree instanceof JsonArray array ? array.hasNumberText() : tree instanceof NumberText;
    }

    /** More bytes than {@link #encodedSize}, or as many, without a look at each character. */
    static long mostBytes(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object.mostBytes();
        }
        return value instanceof JsonArray array ? array.mostBytes() : Measure.mostBytes(value);
    }

    static int depth(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return object.depth();
        }
        return value instanceof JsonArray array ? array.depth() : 0;
    }

    private static boolean isValue(Object object) {
        return object instanceof String
                || object instanceof JsonObject members && !members.hasNumberText()
                || object instanceof JsonArray elements && !elements.hasNumberText()
                || object instanceof BigDecimal decimal && Numbers.exponentInRange(decimal)
                || object instanceof BigInteger integer && integer.bitLength() >= Long.SIZE;
    }

    private static void checkLimits(@Nullable Object value, JsonLimits limits) {
        if (depth(value) > limits.maxDepth()) {
            throw tooDeep(limits);
        }
        // To count the bytes takes a look at each character, which what is small at first sight can be spared.
        if (mostBytes(value) <= limits.maxBytes()) {
            return;
        }
        long size = encodedSize(value);
        if (size > limits.maxBytes()) {
            throw tooLarge("A value has " + size + " bytes as JSON, more than the limit of " + limits.maxBytes());
        }
    }

    static JsonException tooDeep(JsonLimits limits) {
        return new JsonException(
                Reason.TOO_DEEP,
                "A value is nested deeper than " + limits.maxDepth() + " levels (or contains itself); flatten it");
    }

    /** The failure where a value is made, before anybody knows how large it would have become. */
    static JsonException tooLarge(JsonLimits limits) {
        return tooLarge("A value is larger than the limit of " + limits.maxBytes() + " bytes as JSON");
    }

    private static JsonException tooLarge(String message) {
        return new JsonException(
                Reason.TOO_LARGE, message + "; keep large data as a file and pass its reference, or raise the limit");
    }

    /** The sum of two sizes; the largest number there is, if it would be larger, as it is where a part stands in many places. */
    static long plus(long size, long more) {
        return size > Long.MAX_VALUE - more ? Long.MAX_VALUE : size + more;
    }
}
