package io.automationhub.ai.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.request.Schemas;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The presets: each has what makes an agent of its type useful at once, and an example that runs by a script. */
@Timeout(60)
class AgentPresetsTest {

    private static final ModelChoice MODEL = new ModelChoice(null, null, "m");

    @ParameterizedTest
    @EnumSource
    void aPresetIsComplete(AgentType type) {
        AIAgent agent = AIAgent.preset(type, "a", MODEL);
        JsonObject parameters = Json.object(agent.parameters().get("properties"));
        assertThat(parameters).hasSizeGreaterThanOrEqualTo(3);
        for (String name : parameters.keySet()) {
            JsonObject parameter = Json.object(parameters.get(name));
            assertThat(parameter).as(name).containsKeys("default", "description");
            assertThat(agent.instructions()).contains("{{vars." + name + "}}");
        }
        assertThat(agent.tools()).isNotEmpty();
        assertThat(agent.limits()).containsKeys("maxTurns", "maxTokens", "timeout", "budget");
        assertThat(agent.output()).isNotNull();
        assertThat(agent.instructions()).contains("aterial");
        assertThat(AIAgent.of(agent.toJson())).isEqualTo(agent);
        assertThat(AIAgent.of(Json.object(Json.parse("{\"preset\": true, \"id\": \"a\", \"type\": \"" + type.text()
                        + "\", \"model\": {\"model\": \"m\"}}"))))
                .isEqualTo(agent);
    }

    @ParameterizedTest
    @EnumSource
    void itsExampleRuns(AgentType type) {
        JsonObject run = Schemas.resource(AgentPresetsTest.class, "examples/" + type.text() + ".json");
        AiModule module = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(Json.object(run.get("script"))))
                .build();
        JsonObject example = AIAgent.example(type);
        try (WorkflowEngine engine = WorkflowEngine.builder().install(module).build()) {
            AgentOrchestrator agents = module.agents(engine);
            AIAgent unused = agents.create(AIAgent.preset(type, "a", MODEL));
            AgentExecution execution = agents.execute(AgentTask.of("a", Json.toText(example.get("message")))
                    .parameters(Json.object(example.get("parameters"))));
            assertThat(execution.status()).as(String.valueOf(execution.error())).isEqualTo(ExecutionStatus.SUCCEEDED);
            assertThat(execution.json()).isEqualTo(run.get("answer"));
            assertThat(execution.toolCalls().stream()
                            .map(call -> Json.object(call).get("tool") + " "
                                    + Json.object(call).get("status"))
                            .toList())
                    .isEqualTo(run.get("calls"));
        }
    }
}
