package io.automationhub.interop;

import dev.mokksy.aimocks.openai.MockOpenai;
import dev.mokksy.aimocks.openai.completions.OpenaiChatCompletionRequestSpecification;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import kotlin.Unit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** OpenAI's two protocols against AI-Mocks. Its servers of Anthropic and Gemini are not to be had as Maven artifacts. */
class AiMocksTest extends ModelServerContract {

    private static final String KEY = "sk-0123456789";

    private static final String STREAMED = "\"stream\":true";
    private static final Consumer<OpenaiChatCompletionRequestSpecification> ASKED = request -> {
        request.userMessageContains(QUESTION);
        request.requestBodyDoesNotContainsIgnoringCase(STREAMED);
    };
    private static final Consumer<OpenaiChatCompletionRequestSpecification> ASKED_FOR_A_STREAM = request -> {
        request.userMessageContains(QUESTION);
        request.requestBodyContains(STREAMED);
    };

    private MockOpenai server;
    private Models models;

    @BeforeAll
    void start() {
        server = new MockOpenai();
        models = new Models(server.baseUrl().replaceAll("/v1/?$", ""), KEY);
    }

    @AfterAll
    void stop() {
        models.close();
        server.shutdown(0, 1000);
    }

    @Override
    Stream<Protocol> protocols() {
        return Stream.of(Protocol.CHAT, Protocol.RESPONSES);
    }

    @Override
    Stream<Protocol> streaming() {
        return Stream.of(Protocol.CHAT);
    }

    @Override
    Models models() {
        return models;
    }

    @Override
    boolean counts(Protocol protocol, boolean stream) {
        return !stream;
    }

    @Override
    void prepare(Protocol protocol, boolean stream) {
        if (protocol == Protocol.RESPONSES) {
            server.responses("question", request -> {
                        request.userMessageContains(QUESTION);
                        return Unit.INSTANCE;
                    })
                    .responds(response -> {
                        response.setAssistantContent(ANSWER);
                        return Unit.INSTANCE;
                    });
        } else if (stream) {
            server.completion("streamed question", ASKED_FOR_A_STREAM).respondsStream(response -> {
                response.setResponseChunks(List.of(ANSWER.substring(0, 20), ANSWER.substring(20)));
                response.setFinishReason("stop");
                return Unit.INSTANCE;
            });
        } else {
            server.completion("question", ASKED).responds(response -> {
                response.setAssistantContent(ANSWER);
                response.setFinishReason("stop");
                return Unit.INSTANCE;
            });
        }
    }
}
