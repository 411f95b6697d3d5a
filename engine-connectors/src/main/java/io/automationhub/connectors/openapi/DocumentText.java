package io.automationhub.connectors.openapi;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonException;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a document that is written in JSON or in YAML 1.2. */
final class DocumentText {

    private static final int MOST_CHARACTERS = 64 * 1024 * 1024;

    /** Each use of an alias in YAML is a copy, so that a few lines could stand for gigabytes; their number alone is no bound. */
    private static final int MOST_ALIASES = 50;

    private static final int MOST_LEVELS = 500;
    private static final int MOST_VALUES = 2_000_000;
    private static final JsonLimits LIMITS = new JsonLimits(4L * MOST_CHARACTERS, MOST_LEVELS);

    private DocumentText() {}

    /** @throws IllegalArgumentException if it is neither */
    static JsonObject read(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("Cannot read the OpenAPI document: it has " + text.length()
                    + " characters, more than " + MOST_CHARACTERS + "; leave out what is not needed");
        }
        Object value = text.stripLeading().startsWith("{") ? json(text) : yaml(text);
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new IllegalArgumentException(
                "Cannot read the OpenAPI document: it is " + Json.typeName(value) + " where an object is expected");
    }

    private static @Nullable Object json(String text) {
        try {
            return Json.parse(text, LIMITS);
        } catch (JsonException e) {
            throw new IllegalArgumentException("Cannot read the OpenAPI document as JSON: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object yaml(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setCodePointLimit(MOST_CHARACTERS)
                .setMaxAliasesForCollections(MOST_ALIASES)
                .setLabel("OpenAPI document")
                .build();
        try {
            return Json.of(new Unfolding().plain(new Load(settings).loadFromString(text), 0), LIMITS);
        } catch (YamlEngineException | JsonException e) {
            throw new IllegalArgumentException("Cannot read the OpenAPI document as YAML: " + e.getMessage(), e);
        }
    }

    /**
     * What YAML has as what JSON has: keys that are numbers, such as the status 200, are texts. A document whose parts stand for
     * others many times, or for themselves, is refused before it fills the memory.
     */
    private static final class Unfolding {

        private int left = MOST_VALUES;

        @Nullable
        Object plain(@Nullable Object value, int depth) {
            if (left-- == 0 || depth > MOST_LEVELS) {
                throw new IllegalArgumentException(
                        "Cannot read the OpenAPI document as YAML: with its aliases written out"
                                + " it has more than " + MOST_VALUES + " values or " + MOST_LEVELS
                                + " levels; use $ref in their place");
            }
            if (value instanceof Map<?, ?> map) {
                Map<String, @Nullable Object> fields = new LinkedHashMap<>();
                map.forEach((key, field) -> fields.put(String.valueOf(key), plain(field, depth + 1)));
                return fields;
            }
            if (value instanceof Iterable<?> list) {
                List<@Nullable Object> items = new ArrayList<>();
                list.forEach(item -> items.add(plain(item, depth + 1)));
                return items;
            }
            return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value;
        }
    }
}
