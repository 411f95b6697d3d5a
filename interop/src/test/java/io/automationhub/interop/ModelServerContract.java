package io.automationhub.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.message.Message;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.StopReason;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds of each server, in each protocol that it speaks. */
@Tag("campaign")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ModelServerContract {

    static final String QUESTION = "Which colour has the sky?";
    static final String ANSWER =
            "It is blue — or «grau», in Ulm. 🌧 That depends on the weather, which changes often there.";

    abstract Stream<Protocol> protocols();

    /** Those of them in which it streams. */
    abstract Stream<Protocol> streaming();

    abstract Models models();

    /** Whether it counts the tokens of this answer itself. */
    abstract boolean counts(Protocol protocol, boolean stream);

    @ParameterizedTest
    @MethodSource("protocols")
    void aQuestionIsAnswered(Protocol protocol) {
        prepare(protocol, false);
        ModelAnswer answer = models().call(protocol, Models.request(protocol, Message.user(QUESTION)));
        assertThat(answer.message().text()).isEqualTo(ANSWER);
        assertThat(answer.stop()).isEqualTo(StopReason.END);
        assertThat(answer.model()).contains(protocol.model);
        assertThat(answer.usage().total()).isPositive();
        assertThat(answer.usage().estimated()).isEqualTo(!counts(protocol, false));
    }

    @ParameterizedTest
    @MethodSource("streaming")
    void anAnswerIsStreamedPieceByPiece(Protocol protocol) {
        prepare(protocol, true);
        List<String> pieces = new ArrayList<>();
        ModelAnswer answer = models().stream(protocol, Models.request(protocol, Message.user(QUESTION)), delta -> {
            if (delta instanceof ModelDelta.Text text) {
                pieces.add(text.text());
            }
        });
        assertThat(pieces).hasSizeGreaterThan(1);
        assertThat(String.join("", pieces)).isEqualTo(ANSWER);
        assertThat(answer.message().text()).isEqualTo(ANSWER);
        assertThat(answer.stop()).isEqualTo(StopReason.END);
        assertThat(answer.usage().estimated()).isEqualTo(!counts(protocol, true));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void aNodeOfAWorkflowIsAnswered(Protocol protocol) {
        prepare(protocol, false);
        WorkflowExecution run = models().run(protocol, "ai.prompt", JsonObject.of("prompt", QUESTION));
        JsonObject output = Json.object(run.orElseThrow().output());
        assertThat(output).containsEntry("text", ANSWER).containsEntry("finish", "end");
        assertThat(JsonPointer.read(output, "/usage/output")).isNotEqualTo(0L);
        assertThat(JsonPointer.read(output, "/attempts/0/provider")).isEqualTo(protocol.connector);
    }

    /** Makes the server answer the question, if it does not by itself. */
    void prepare(Protocol protocol, boolean stream) {}
}
