package io.automationhub.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.agent.AIAgent;
import io.automationhub.ai.agent.AgentExecution;
import io.automationhub.ai.agent.AgentOrchestrator;
import io.automationhub.ai.agent.AgentTask;
import io.automationhub.ai.agent.AgentType;
import io.automationhub.ai.agent.ModelChoice;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each preset of agents asks each provider, as it goes over the wire, for the task that is its example. The requests are files;
 * {@code -Dgolden.write=true} writes them anew, and the difference shows what changed for models.
 */
@Timeout(60)
class PresetRequestsTest {

    private static final Path GOLDEN = Path.of("src/test/resources/io/automationhub/ai/agent/golden");

    private static final Map<WireProtocol, String> MODELS = Map.of(
            WireProtocol.RESPONSES, "gpt-5.2",
            WireProtocol.CHAT, "local-model",
            WireProtocol.ANTHROPIC, "claude-sonnet-5-5",
            WireProtocol.GEMINI, "gemini-3-pro");

    private final LocalProvider local = new LocalProvider();

    @BeforeEach
    void start() throws IOException {
        local.start();
    }

    @AfterEach
    void close() {
        local.close();
    }

    static Stream<Arguments> all() {
        return Stream.of(AgentType.values())
                .flatMap(type -> Stream.of(WireProtocol.values()).map(protocol -> Arguments.of(type, protocol)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRequestIsTheOneInTheFile(AgentType type, WireProtocol protocol) throws Exception {
        local.enqueue(400, "application/json", "{\"error\": {\"message\": \"enough\"}}");
        AiModule module = AiModule.builder(local.connectors()).build();
        JsonObject example = AIAgent.example(type);
        try (WorkflowEngine engine = WorkflowEngine.builder().install(module).build()) {
            AgentOrchestrator agents = module.agents(engine, LocalProvider.TENANT);
            AIAgent agent = agents.create(
                    AIAgent.preset(type, type.text(), ModelChoice.of(protocol.connector(), MODELS.get(protocol))));
            AgentExecution execution = agents.execute(AgentTask.of(agent.id(), Json.toText(example.get("message")))
                    .parameters(Json.object(example.get("parameters"))));
            assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
        }
        RecordedRequest request = Objects.requireNonNull(local.server().takeRequest(10, TimeUnit.SECONDS));
        String body = Json.writePretty(
                Json.parse(Objects.requireNonNull(request.getBody()).utf8()));
        Path file = GOLDEN.resolve(type.text() + "." + protocol.connector() + ".json");
        if (Boolean.getBoolean("golden.write")) {
            Files.createDirectories(GOLDEN);
            Files.writeString(file, body + "\n");
        }
        assertThat(body)
                .as(file.toString())
                .isEqualToIgnoringNewLines(Files.readString(file).strip());
    }
}
