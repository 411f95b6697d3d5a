package io.automationhub.engine.value;

import io.automationhub.engine.value.JsonException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Converts Java objects to values. It counts as it goes, so that a structure that repeats itself ends early. */
final class JsonConverter {

    private final JsonLimits limits;
    private long bytes;

    JsonConverter(JsonLimits limits) {
        this.limits = limits;
    }

    @Nullable
    Object convert(@Nullable Object object) {
        return convert(object, 0);
    }

    private @Nullable Object convert(@Nullable Object object, int depth) {
        count(1);
        if (object == null || object instanceof Boolean || object instanceof Long) {
            return object;
        }
        if (object instanceof String text) {
            count(text.length());
            return text;
        }
        boolean ready = object instanceof JsonObject || object instanceof JsonArray;
        if (ready && !Json.hasNumberText(object)) {
            // It takes no more room for being in one more place; the whole is measured afterwards.
            return object;
        }
        if (object instanceof Number number) {
            return number(number);
        }
        if (object instanceof Map<?, ?> map) {
            return map(map, depth + 1);
        }
        if (object instanceof Iterable<?> elements && !(object instanceof java.nio.file.Path)) {
            return list(elements, depth + 1);
        }
        if (object.getClass().isArray()) {
            return array(object, depth + 1);
        }
        if (object instanceof BinaryRef file) {
            return convert(file.toJson(), depth);
        }
        if (object instanceof Optional<?> optional) {
            return convert(optional.orElse(null), depth);
        }
        if (object instanceof CharSequence || object instanceof Character) {
            return convert(object.toString(), depth);
        }
        return object instanceof Enum<?> constant ? constant.name() : bean(object);
    }

    private Number number(Number number) {
        if (number instanceof BigDecimal decimal) {
            return Numbers.inRange(decimal);
        }
        if (number instanceof BigInteger integer) {
            return Numbers.shrink(integer);
        }
        if (number instanceof Float single && Float.isFinite(single)) {
            return new BigDecimal(single.toString());
        }
        if (number instanceof Double || number instanceof Float) {
            return Numbers.fromDouble(number.doubleValue());
        }
        if (number instanceof NumberText text) {
            return text.value();
        }
        if (number instanceof Integer
                || number instanceof Short
                || number instanceof Byte
                || number instanceof AtomicInteger
                || number instanceof AtomicLong) {
            return number.longValue();
        }
        throw new JsonException(
                Reason.NOT_JSON,
                "A number of type " + number.getClass().getName()
                        + " has no known JSON form; convert it to a BigDecimal or to text");
    }

    private JsonObject map(Map<?, ?> map, int depth) {
        checkDepth(depth);
        JsonObject.Builder entries = JsonObject.builder();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            String key = String.valueOf(entry.getKey());
            count(key.length() + 3L);
            entries.put(key, convert(entry.getValue(), depth));
        }
        return entries.build();
    }

    private JsonArray list(Iterable<?> elements, int depth) {
        checkDepth(depth);
        List<@Nullable Object> values =
                elements instanceof Collection<?> known ? new ArrayList<>(known.size()) : new ArrayList<>();
        for (Object element : elements) {
            values.add(convert(element, depth));
        }
        return JsonArray.adopt(values.toArray());
    }

    private JsonArray array(Object array, int depth) {
        checkDepth(depth);
        if (array instanceof byte[]) {
            throw new JsonException(
                    Reason.NOT_JSON,
                    "A byte array has no JSON form; keep it as a file with storeBlob, or encode it as Base64 text");
        }
        @Nullable Object[] values = new @Nullable Object[Array.getLength(array)];
        for (int i = 0; i < values.length; i++) {
            values[i] = convert(Array.get(array, i), depth);
        }
        return JsonArray.adopt(values);
    }

    private void checkDepth(int depth) {
        if (depth > limits.maxDepth()) {
            throw Json.tooDeep(limits);
        }
    }

    private void count(long more) {
        bytes += more;
        if (bytes > limits.maxBytes()) {
            throw Json.tooLarge(limits);
        }
    }

    /** Records, beans and everything else that Jackson knows: dates, UUIDs, URIs. */
    private @Nullable Object bean(Object bean) {
        Bounded text = new Bounded(limits);
        try {
            Mapper.INSTANCE.writeValue(text, bean);
        } catch (JacksonException e) {
            if (e.getCause() instanceof JsonException limit) {
                throw limit;
            }
            throw new JsonException(
                    Reason.NOT_JSON,
                    "An object of type " + bean.getClass().getName() + " has no JSON form: " + e.getOriginalMessage()
                            + "; pass a map, a list, a record or a bean",
                    e);
        }
        count(text.size());
        return new JsonReader(limits, false).read(text.toString());
    }

    /** The object that a value describes. */
    static @Nullable Object toJava(@Nullable Object value, Type type) {
        try {
            return Mapper.INSTANCE.readValue(
                    Json.write(value), Mapper.INSTANCE.getTypeFactory().constructType(type));
        } catch (JacksonException e) {
            throw new JsonException(
                    Reason.NOT_JSON,
                    "Cannot make an object of type " + type.getTypeName() + " of a value of type "
                            + Json.typeName(value) + ": " + e.getOriginalMessage() + where(e),
                    e);
        }
    }

    private static String where(JacksonException e) {
        return e.getPath().isEmpty() ? "" : "; at " + e.getPathReference().replaceAll("^.*?\\[", "[");
    }

    /** Loaded only when a host passes its own types. */
    private static final class Mapper {
        static final JsonMapper INSTANCE = JsonMapper.builder().build();
    }

    /** A buffer that refuses to grow beyond the limit. */
    private static final class Bounded extends OutputStream {

        private final java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        private final JsonLimits limits;

        Bounded(JsonLimits limits) {
            this.limits = limits;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] chunk, int from, int length) throws IOException {
            if (size() + (long) length > limits.maxBytes()) {
                throw new IOException(Json.tooLarge(limits));
            }
            bytes.write(chunk, from, length);
        }

        int size() {
            return bytes.size();
        }

        @Override
        public String toString() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
