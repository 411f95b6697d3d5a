package io.automationhub.engine.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonNodesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "true",
                "false",
                "\"\"",
                "\"täxt \\u0000\"",
                "0",
                "-0",
                "2147483647",
                "-2147483648",
                "2147483648",
                "-2147483649",
                "9223372036854775807",
                "-9223372036854775808",
                "9223372036854775808",
                "-123456789012345678901234567890",
                "0.1",
                "-1.0",
                "1e3",
                "1E-7",
                "0.1234567890123456789012345678901234567890",
                "1e400",
                "{}",
                "[]",
                "{\"b\": [1, 2.5, {\"a\": null}], \"a\": {\"\": [[]]}}",
            })
    void theTreeIsTheOneThatAReaderMakesOfTheText(String text) {
        Object value = Json.parse(text);
        assertThat(JsonNodes.of(value)).isEqualTo(JsonMapper.shared().readTree(Json.write(value)));

        Object document = Json.parseDocument(text, JsonLimits.DEFAULT);
        assertThat(JsonNodes.of(document)).isEqualTo(JsonMapper.shared().readTree(Json.write(document)));
    }

    @Test
    void whatAReaderRefusesIsValidatedAllTheSame() {
        JsonSchema schema = JsonSchema.compile(JsonObject.of("additionalProperties", JsonObject.of("type", "integer")));
        JsonObject value = JsonObject.builder()
                .put("half of a pair \ud83d", "text")
                .put("k".repeat(100_000), "text")
                .put("digits", new BigInteger("9".repeat(5_000)))
                .build();

        assertThat(schema.validate(value))
                .extracting(JsonSchema.Violation::keyword)
                .containsExactly("type", "type");
    }
}
