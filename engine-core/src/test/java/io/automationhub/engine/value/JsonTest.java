package io.automationhub.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    record Order(String id, BigDecimal total, List<Integer> quantities, Instant at) {}

    enum Colour {
        RED
    }

    @Test
    void valuesAreReturnedAsTheyAre() {
        for (Object value :
                new Object[] {null, true, 7L, "x", new BigDecimal("1.50"), JsonArray.of(1), JsonObject.of("a", 1)}) {
            assertThat(Json.of(value)).isSameAs(value);
        }
    }

    @Test
    void javaObjectsBecomeValues() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("int", 1);
        map.put("double", 0.1);
        map.put("float", 0.1f);
        map.put("big", new BigInteger("12345678901234567890"));
        map.put("array", new int[] {1, 2});
        map.put("list", Arrays.asList("a", null));
        map.put("enum", Colour.RED);
        map.put("empty", Optional.empty());
        map.put("char", 'c');
        map.put("uuid", new UUID(1, 2));
        map.put("record", new Order("A-1", new BigDecimal("9.90"), List.of(1, 2), Instant.EPOCH));
        assertThat(Json.write(Json.of(map)))
                .isEqualTo("{\"int\":1,\"double\":0.1,\"float\":0.1,\"big\":12345678901234567890,\"array\":[1,2],"
                        + "\"list\":[\"a\",null],\"enum\":\"RED\",\"empty\":null,\"char\":\"c\","
                        + "\"uuid\":\"00000000-0000-0001-0000-000000000002\",\"record\":{\"id\":\"A-1\",\"total\":9.90,"
                        + "\"quantities\":[1,2],\"at\":\"1970-01-01T00:00:00Z\"}}");
    }

    @Test
    void laterChangesOfTheOriginalDoNotShow() {
        List<Object> list = new ArrayList<>(List.of(1));
        Object value = Json.of(list);
        list.add(2);
        assertThat(value).isEqualTo(List.of(1L));
    }

    @Test
    void whatContainsItselfIsTooDeep() {
        Map<String, Object> map = new HashMap<>();
        map.put("self", map);
        assertThatThrownBy(() -> Json.of(map))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("deeper than 200 levels (or contains itself)");
        Object[] array = new Object[1];
        array[0] = array;
        assertThatThrownBy(() -> Json.of(array)).isInstanceOf(JsonException.class);
    }

    @Test
    void whatUnfoldsToTooMuchEndsEarly() {
        Object doubled = List.of("x");
        for (int i = 0; i < 60; i++) {
            doubled = List.of(doubled, doubled);
        }
        Object explosion = doubled;
        assertThatThrownBy(() -> Json.of(explosion))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("larger than");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
    void numbersWithoutJsonFormAreRefused(double number) {
        assertThatThrownBy(() -> Json.of(number)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.of((float) number)).isInstanceOf(JsonException.class);
    }

    @Test
    void exponentsBeyond400AreRefused() {
        assertThat(Json.parse("1e400")).isEqualTo(new BigDecimal("1e400"));
        assertThatThrownBy(() -> Json.parse("1e401"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("±400");
        assertThatThrownBy(() -> Json.of(new BigDecimal("1e999999999"))).isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "nul",
                "01",
                "'a'",
                "{\"a\" 1}",
                "[1] 2",
                "\"\u0001\"",
                "{a:1}",
                "NaN"
            })
    void malformedTextIsRefusedWithItsPlace(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(JsonException.class)
                .message()
                .isNotBlank();
    }

    @Test
    void duplicateKeysAreRefused() {
        assertThatThrownBy(() -> Json.parse("{\"a\":1,\n\"a\":2}"))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.reason()).isEqualTo(JsonException.Reason.DUPLICATE_KEY))
                .hasMessageContaining("line 2");
    }

    @Test
    void deepAndLongTextIsRefusedWithoutStackOverflow() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.reason()).isEqualTo(JsonException.Reason.TOO_DEEP));
        assertThatThrownBy(() -> Json.parse("\"" + "x".repeat(20_000_000) + "\""))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.reason()).isEqualTo(JsonException.Reason.TOO_LARGE));
    }

    @Test
    void writingAndReadingGivesTheSameValue() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            Object value = Json.of(random(random, 4));
            String text = Json.write(value);
            assertThat(Json.parse(text)).as("seed %s", seed).isEqualTo(value);
            assertThat(Json.parse(Json.writePretty(value))).as("seed %s", seed).isEqualTo(value);
            assertThat(Json.encodedSize(value))
                    .as("size of %s, seed %s", text, seed)
                    .isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
            assertThat(Json.writeUtf8(value)).as("seed %s", seed).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static Object random(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextLong();
            case 3 -> new BigDecimal(random.nextInt(1_000_000)).movePointLeft(1 + random.nextInt(30));
            case 4 -> new BigInteger(200, random);
            case 5 -> text(random);
            case 6 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(random(random, depth - 1));
                }
                yield list;
            }
            default -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    map.put(text(random), random(random, depth - 1));
                }
                yield map;
            }
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        boolean isLong = random.nextInt(100) == 0;
        for (int i = random.nextInt(isLong ? 5_000 : 8); i > 0; i--) {
            text.appendCodePoint(
                    switch (random.nextInt(5)) {
                        case 0 -> random.nextInt(0x80);
                        case 1 -> 0x80 + random.nextInt(0x780);
                        case 2 -> 0x800 + random.nextInt(0xF800);
                        case 3 -> 0x10000 + random.nextInt(0x100000);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return text.toString();
    }

    @Test
    void halvesOfSurrogatePairsSurviveAsEscapes() {
        String lone = "a\uD83Db";
        assertThat(Json.write(lone)).isEqualTo("\"a\\ud83db\"");
        assertThat(Json.parse(Json.write(lone))).isEqualTo(lone);
    }

    /** With H and L for the halves of a pair, and a stroke for what escapes. */
    @ParameterizedTest
    @ValueSource(strings = {"H", "L", "aHH", "LH", "HHL", "/H", "H/ude00", "H\"", "/ud83d", "//ud83d", "Hu0061", "HL"})
    void keysMayHaveHalvesOfSurrogatePairs_asTextsMay(String shown) {
        String key = shown.replace('H', '\ud83d').replace('L', '\ude00').replace('/', '\\');
        JsonObject object = JsonObject.of(key, key);
        assertThat(Json.parse(Json.write(object))).isEqualTo(object);
        assertThat(Json.parse(new String(Json.writeUtf8(object), StandardCharsets.UTF_8)))
                .isEqualTo(object);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\"\\ud83", "\"\\ud83x\"", "[\"\\ud83d\"", "\"\\uD\uff18\uff10\uff10\""})
    void mistakesBesideHalvesOfSurrogatePairsAreFound(String text) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOfSatisfying(
                        JsonException.class, e -> assertThat(e.reason()).isEqualTo(JsonException.Reason.MALFORMED));
    }

    @Test
    void charactersAreWrittenInUtf8_andControlOnesEscaped() {
        String text =
                "a\"\\/\n\r\t\b\u0000\u001f\u007f\u0080\u00e9\u07ff\u0800\u4e2d\uffff\ud83d\ude00\udbff\udfff\udc00";
        String json =
                "\"a\\\"\\\\/\\n\\r\\t\\u0008\\u0000\\u001f\u007f\u0080\u00e9\u07ff\u0800\u4e2d\uffff\ud83d\ude00\udbff\udfff\\udc00\"";
        assertThat(Json.write(text)).isEqualTo(json);
        assertThat(Json.writeUtf8(text)).isEqualTo(json.getBytes(StandardCharsets.UTF_8));
        assertThat(Json.parse(json)).isEqualTo(text);
    }

    @Test
    void objectsFindTheirKeysWhateverTheirNumber() {
        JsonObject.Builder builder = JsonObject.builder();
        for (int i = 0; i < 1000; i++) {
            builder.put("key" + i, i);
        }
        JsonObject object = builder.build();
        assertThat(object.get("key0")).isEqualTo(0L);
        assertThat(object.get("key999")).isEqualTo(999L);
        assertThat(object.containsKey("key1000")).isFalse();
        assertThat(object.keySet().iterator().next()).isEqualTo("key0");
    }

    @Test
    void documentsKeepTheTextOfNumbers() {
        String text = "[1.0,1e3,-0,1E400,0.10,1E999]";
        Object tree = Json.parseDocument(text, JsonLimits.DEFAULT);
        assertThat(Json.write(tree)).isEqualTo(text);
    }
}
