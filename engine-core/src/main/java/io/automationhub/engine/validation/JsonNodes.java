package io.automationhub.engine.validation;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of a value the tree that the validator of JSON Schema looks at: the same that it would read from the value's text, without
 * the text and without the bounds that its reader has.
 */
final class JsonNodes {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonNodes() {}

    static JsonNode of(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            ObjectNode node = NODES.objectNode();
            object.forEach((key, member) -> node.set(key, of(member)));
            return node;
        }
        if (value instanceof JsonArray array) {
            ArrayNode node = NODES.arrayNode(array.size());
            array.forEach(element -> node.add(of(element)));
            return node;
        }
        if (value instanceof String text) {
            return NODES.stringNode(text);
        }
        if (value instanceof Boolean truth) {
            return NODES.booleanNode(truth);
        }
        return value == null ? NODES.nullNode() : number(value);
    }

    /** The validator compares numbers of the classes that its reader makes. */
    private static JsonNode number(Object value) {
        if (value instanceof Long number) {
            return number == number.intValue() ? NODES.numberNode(number.intValue()) : NODES.numberNode((long) number);
        }
        String text = Json.write(value);
        boolean whole = text.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9');
        return whole ? whole(new BigInteger(text)) : NODES.numberNode(Double.parseDouble(text));
    }

    private static JsonNode whole(BigInteger number) {
        return number.bitLength() < Long.SIZE ? number(number.longValue()) : NODES.numberNode(number);
    }
}
