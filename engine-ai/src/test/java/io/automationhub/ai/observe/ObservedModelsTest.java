package io.automationhub.ai.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.call.RetryDelays;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ObservedModelsTest {

    private final TestObservationRegistry registry = TestObservationRegistry.create();

    private void run(ObservedModels observed, String rules) {
        JsonObject script = Json.object(Json.parse(("{'rules': " + rules + "}").replace('\'', '"')));
        AiModule ai = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(script))
                .retries(new RetryDelays(2, Duration.ofMillis(1), Duration.ofMillis(1)))
                .listener(observed)
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder().install(ai).build()) {
            assertThat(engine.run(
                                    Workflow.builder("mails")
                                            .start(NodeSpec.of("ask", "ai.prompt")
                                                    .with("model", "m-1")
                                                    .with("prompt", "I am ada@mail.example"))
                                            .build(),
                                    null)
                            .isSucceeded())
                    .isTrue();
        }
    }

    @Test
    void aRequestIsAnObservationWithoutWhatIsSaid() {
        run(ObservedModels.of(registry), "[{'text': 'Hello Ada'}]");

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasNameEqualTo("gen_ai.client.operation.duration")
                .hasContextualNameEqualTo("chat m-1")
                .hasLowCardinalityKeyValue("gen_ai.operation.name", "chat")
                .hasLowCardinalityKeyValue("gen_ai.provider.name", "scripted")
                .hasLowCardinalityKeyValue("gen_ai.request.model", "m-1")
                .hasLowCardinalityKeyValue("gen_ai.response.model", "scripted")
                .hasLowCardinalityKeyValue("error.type", "none")
                .hasLowCardinalityKeyValue("automationhub.workflow", "mails")
                .hasLowCardinalityKeyValue("automationhub.node", "ask")
                .hasHighCardinalityKeyValueWithKey("gen_ai.usage.input_tokens")
                .hasHighCardinalityKeyValue("gen_ai.response.finish_reasons", "end")
                .doesNotHaveHighCardinalityKeyValueWithKey("gen_ai.input.messages")
                .doesNotHaveHighCardinalityKeyValueWithKey("gen_ai.output.messages")
                .hasBeenStopped();
    }

    @Test
    void whatIsSaidIsRecordedIfThatIsSwitchedOnAndRedactedThen() {
        run(ObservedModels.of(registry).withContent(), "[{'text': 'Use sk-0123456789abcdefghij'}]");

        TestObservationRegistryAssert.assertThat(registry)
                .hasSingleObservationThat()
                .hasHighCardinalityKeyValue(
                        "gen_ai.input.messages",
                        "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"text\":\"I am [redacted]\"}]}]")
                .hasHighCardinalityKeyValue(
                        "gen_ai.output.messages",
                        "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"text\":\"Use [redacted]\"}]}]");
    }

    @Test
    void eachAttemptIsAnObservationOfItsOwn() {
        run(ObservedModels.of(registry), "[{'times': 1, 'error': {'kind': 'unavailable'}}, {'text': 'ok'}]");

        TestObservationRegistryAssert.assertThat(registry).hasNumberOfObservationsEqualTo(2);
        TestObservationRegistryAssert.assertThat(registry)
                .hasAnObservationWithAKeyValue("error.type", "unavailable")
                .hasAnObservationWithAKeyValue("error.type", "none");
    }
}
