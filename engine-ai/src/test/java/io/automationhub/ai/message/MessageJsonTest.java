package io.automationhub.ai.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageJsonTest {

    @Test
    void everythingThatAMessageHasComesBack() {
        BinaryRef file = new BinaryRef("ab".repeat(16), "a.png", "image/png", 7, "cd".repeat(32));
        Message message = new Message(
                Role.ASSISTANT,
                List.of(
                        new Part.Text("ü \u0000 \uD83D\uDE00"),
                        new Part.Refusal("no"),
                        new Part.Media("image/png", "a.png", new MediaSource.Url("https://a.example/a.png")),
                        new Part.Media("image/png", null, new MediaSource.Base64("AAAA")),
                        new Part.Media("image/png", null, new MediaSource.File(file)),
                        new Part.ToolCall("1", "f", JsonObject.of("a", 1L), null),
                        Part.ToolCall.of("2", "f", "{broken"),
                        new Part.ToolResult("1", "f", List.of(new Part.Text("x")), true)),
                new Origin("p", "m", JsonArray.of(JsonObject.of("signature", "s=="))));

        assertThat(MessageJson.read(Json.parse(Json.write(MessageJson.write(message)))))
                .isEqualTo(message);
    }

    @Test
    void aTextIsWhatAPersonSays() {
        assertThat(MessageJson.readAll(JsonArray.of(
                        "Hi",
                        JsonObject.builder()
                                .put("role", "assistant")
                                .put("text", "Ho")
                                .build())))
                .containsExactly(Message.user("Hi"), Message.assistant("Ho"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            7                                                                        | a text or an object
            {'role': 'system', 'parts': []}                                          | instructions
            {'role': 'user'}                                                         | 'parts'
            {'role': 'user', 'parts': ['a']}                                         | an object with 'type'
            {'role': 'user', 'parts': [{'type': 'video'}]}                           | toolResult
            {'role': 'user', 'parts': [{'type': 'text'}]}                            | 'text' of a part
            {'role': 'user', 'parts': [{'type': 'media', 'mediaType': 'image/png'}]} | 'url', 'base64' or 'file'
            {'role': 'user', 'parts': [{'type': 'media', 'mediaType': 'image/png', 'name': 7, 'url': 'u'}]} | 'name' of a part is a text
            {'role': 'user', 'parts': [{'type': 'toolResult', 'callId': 'a', 'name': 'f', 'content': [{'type': 'refusal', 'text': 'x'}]}]} | text and media alone
            """)
    void whatIsNoMessageIsRefused(String json, String said) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageJson.read(Json.parse(json.replace('\'', '"'))))
                .withMessageContaining(said);
    }
}
