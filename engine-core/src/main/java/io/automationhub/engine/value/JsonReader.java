package io.automationhub.engine.value;

import io.automationhub.engine.value.JsonException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/** Builds values from JSON text, token by token and without recursion. */
final class JsonReader {

    /** More limits than a program has. */
    private static final int KEPT = 16;

    /** Making one costs more than to read a short text. */
    private static final Map<JsonLimits, JsonFactory> FACTORIES = new ConcurrentHashMap<>();

    private final JsonLimits limits;
    private final boolean document;

    JsonReader(JsonLimits limits, boolean document) {
        this.limits = limits;
        this.document = document;
    }

    @Nullable
    Object read(String text) {
        if (text.length() > limits.maxBytes()) {
            throw Json.tooLarge(limits);
        }
        // A byte order mark is what an editor left behind, not content (RFC 8259, section 8.1).
        String json = SurrogateEscapes.unescaped(text.startsWith("\uFEFF") ? text.substring(1) : text);
        try (JsonParser parser = factory().createParser(ObjectReadContext.empty(), json)) {
            if (parser.nextToken() == null) {
                throw new JsonException(Reason.MALFORMED, "Expected a JSON value, found nothing but white space");
            }
            Object value = readValue(parser);
            if (parser.nextToken() != null) {
                throw new JsonException(
                        Reason.MALFORMED,
                        "Expected one JSON value, found more after it at " + place(parser.currentTokenLocation()));
            }
            return value;
        } catch (StreamConstraintsException e) {
            throw beyondLimits(e);
        } catch (StreamReadException e) {
            throw malformed(e);
        }
    }

    private JsonFactory factory() {
        JsonFactory known = FACTORIES.get(limits);
        if (known == null) {
            known = factory(limits);
            if (FACTORIES.size() < KEPT) {
                FACTORIES.put(limits, known);
            }
        }
        return known;
    }

    private static JsonFactory factory(JsonLimits limits) {
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxNestingDepth(limits.maxDepth())
                .maxDocumentLength(limits.maxBytes())
                .build();
        return JsonFactory.builder().streamReadConstraints(constraints).build();
    }

    private @Nullable Object readValue(JsonParser parser) {
        Deque<Container> open = new ArrayDeque<>();
        for (JsonToken token = parser.currentToken(); ; token = parser.nextToken()) {
            if (token == null) {
                throw new JsonException(Reason.MALFORMED, "The JSON text ends in the middle of a value");
            }
            Object value;
            switch (token) {
                case START_OBJECT -> {
                    open.push(new Members());
                    continue;
                }
                case START_ARRAY -> {
                    open.push(new Elements());
                    continue;
                }
                case PROPERTY_NAME -> {
                    if (!open.element().begin(parser.currentName())) {
                        throw new JsonException(
                                Reason.DUPLICATE_KEY,
                                "Duplicate Object property \"" + parser.currentName() + "\" at "
                                        + place(parser.currentTokenLocation()));
                    }
                    continue;
                }
                case END_OBJECT, END_ARRAY -> value = open.pop().build();
                default -> value = scalar(parser, token);
            }
            if (open.isEmpty()) {
                return value;
            }
            open.element().add(value);
        }
    }

    private @Nullable Object scalar(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_STRING -> parser.getString();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
            default ->
                throw new JsonException(
                        Reason.MALFORMED, "Unexpected " + token + " at " + place(parser.currentTokenLocation()));
        };
    }

    private Number number(String text) {
        if (!document) {
            return Numbers.parse(text);
        }
        NumberText exact = new NumberText(text);
        if (!exact.isInRange()) {
            return exact;
        }
        Number value = exact.value();
        return Numbers.text(value).equals(text) ? value : exact;
    }

    private JsonException beyondLimits(StreamConstraintsException e) {
        String message = String.valueOf(e.getOriginalMessage());
        if (message.contains("nesting depth")) {
            return Json.tooDeep(limits);
        }
        if (message.contains("ocument length")) {
            return Json.tooLarge(limits);
        }
        return new JsonException(Reason.TOO_LARGE, "The JSON text is beyond a limit: " + message, e);
    }

    private static JsonException malformed(StreamReadException e) {
        String message = firstLine(String.valueOf(e.getOriginalMessage()));
        return new JsonException(Reason.MALFORMED, message + " at " + place(e.getLocation()), e);
    }

    /** The library's message without its own idea of the place, which names a source that nobody here has. */
    private static String firstLine(String message) {
        return message.replaceFirst("(?s)\\s*(\\n|\\(start marker|\\(for |at \\[).*", "");
    }

    private static String place(@Nullable TokenStreamLocation location) {
        return location == null
                ? "an unknown place"
                : "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /** An object or array whose end was not read. */
    private interface Container {

        /** Takes the key of the next value; false if there was one of that name before. */
        boolean begin(String key);

        void add(@Nullable Object value);

        Object build();
    }

    private static final class Members implements Container {

        private final JsonObject.Builder members = JsonObject.builder();
        private String key = "";

        @Override
        public boolean begin(String next) {
            key = next;
            return !members.containsKey(next);
        }

        @Override
        public void add(@Nullable Object value) {
            members.putNew(key, value);
        }

        @Override
        public Object build() {
            return members.build();
        }
    }

    private static final class Elements implements Container {

        private final List<@Nullable Object> elements = new ArrayList<>();

        @Override
        public boolean begin(String key) {
            throw new IllegalStateException("An array has no keys, found '" + key + "'");
        }

        @Override
        public void add(@Nullable Object value) {
            elements.add(value);
        }

        @Override
        public Object build() {
            return JsonArray.adopt(elements.toArray());
        }
    }
}
