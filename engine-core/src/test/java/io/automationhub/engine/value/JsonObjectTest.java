package io.automationhub.engine.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Objects beside the maps of the platform, and what they know of their size without a look at each character. */
class JsonObjectTest {

    private static final long SEED = System.nanoTime();
    private static final String CHARACTERS = "aZ0 \"\\\n\u0001é€\uD83D\uDE00\uD800";

    private final Random random = new Random(SEED);

    @Test
    void aBuilderKeepsKeysAndTheirOrderAsAMapDoes_howeverManyThereAre() {
        for (int round = 0; round < 500; round++) {
            Map<String, Object> expected = new LinkedHashMap<>();
            JsonObject.Builder builder = JsonObject.builder();
            JsonObject grown = JsonObject.EMPTY;
            int puts = random.nextInt(40);
            for (int i = 0; i < puts; i++) {
                String key = "key" + random.nextInt(25);
                assertThat(builder.containsKey(key)).as("seed %s", SEED).isEqualTo(expected.containsKey(key));
                expected.put(key, (long) i);
                builder.put(key, i);
                grown = grown.with(key, i);
            }
            JsonObject built = builder.build();
            assertThat(new ArrayList<>(built.entrySet()))
                    .as("seed %s", SEED)
                    .isEqualTo(new ArrayList<>(expected.entrySet()))
                    .isEqualTo(new ArrayList<>(grown.entrySet()));
            assertThat(new ArrayList<>(built.keySet())).isEqualTo(new ArrayList<>(expected.keySet()));
            assertThat(builder.size()).isEqualTo(expected.size());
            expected.forEach((key, value) -> assertThat(built.get(key)).isEqualTo(value));
            assertThat(built.get("absent")).isNull();
            assertThat(built.keySet().contains("absent")).isFalse();
        }
    }

    @Test
    void aBuilderThatBeginsWithAnObjectLeavesThatObjectAsItIs() {
        JsonObject first = JsonObject.builder().put("a", 1).put("b", 2).build();
        JsonObject.Builder builder = first.toBuilder().put("a", 3);
        JsonObject second = builder.put("c", 4).build();
        JsonObject third = builder.put("b", 5).build();

        assertThat(first.toString()).isEqualTo("{\"a\":1,\"b\":2}");
        assertThat(second.toString()).isEqualTo("{\"a\":3,\"b\":2,\"c\":4}");
        assertThat(third.toString()).isEqualTo("{\"a\":3,\"b\":5,\"c\":4}");
    }

    @Test
    void aDocumentThatIsChangedBecomesAValue_whoseNumbersAreNumbers() {
        JsonObject document = (JsonObject) Json.parseDocument("{\"a\":1E2,\"b\":2}", JsonLimits.DEFAULT);

        assertThat(document.toString()).isEqualTo("{\"a\":1E2,\"b\":2}");
        assertThat(document.with("c", 3).get("a")).isEqualTo(new BigDecimal("1E+2"));
        assertThat(document.toBuilder().build().hasNumberText()).isFalse();
    }

    @Test
    void aKeyIsNeverNull() {
        assertThatThrownBy(() -> JsonObject.builder().put(nothing(), 1)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> JsonObject.EMPTY.with(nothing(), 1)).isInstanceOf(NullPointerException.class);
    }

    @SuppressWarnings("NullAway") // What code without a check of nulls may do.
    private static String nothing() {
        return null;
    }

    @Test
    void itsKeysCannotBeTakenOut() {
        JsonObject object = JsonObject.of("a", 1);

        assertThatThrownBy(() -> object.keySet().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> object.keySet().remove("a")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void noValueIsLargerThanItSeems() {
        for (int round = 0; round < 2_000; round++) {
            Object value = value(4);
            long bytes = Json.write(value).getBytes(java.nio.charset.StandardCharsets.UTF_8).length;

            assertThat(Json.mostBytes(value))
                    .as("seed %s, %s", SEED, value)
                    .isGreaterThanOrEqualTo(bytes)
                    .isLessThanOrEqualTo(40 + 30 * bytes);
            assertThat(Json.encodedSize(value)).isEqualTo(bytes);
            assertThat(Json.mostBytes(value)).isGreaterThanOrEqualTo(bytes);
        }
    }

    private Object value(int depth) {
        switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> {
                return random.nextLong() >> random.nextInt(64);
            }
            case 1 -> {
                return new BigDecimal(new BigInteger(random.nextInt(100), random), random.nextInt(760) - 360);
            }
            case 2 -> {
                return Numbers.shrink(new BigInteger(random.nextInt(300), random).negate());
            }
            case 3 -> {
                return random.nextBoolean();
            }
            case 4, 5 -> {
                return text();
            }
            case 6 -> {
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    list.add(value(depth - 1));
                }
                return JsonArray.of(list.toArray());
            }
            default -> {
                JsonObject.Builder object = JsonObject.builder();
                for (int i = random.nextInt(12); i > 0; i--) {
                    object.put(text(), value(depth - 1));
                }
                return object.build();
            }
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }
}
