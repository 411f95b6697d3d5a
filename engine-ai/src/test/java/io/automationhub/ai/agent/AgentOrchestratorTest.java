package io.automationhub.ai.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.memory.AgentMessage;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Agents that are defined, asked by name, talked to, listed, measured, disabled and deleted. */
@Timeout(60)
class AgentOrchestratorTest {

    private static final String RULES = """
            {'rules': [
              {'when': {'says': 'fail'}, 'error': {'kind': 'unavailable', 'message': 'down', 'again': false}},
              {'when': {'says': 'again'}, 'toolCalls': [{'name': 'again', 'arguments': {'message': 'again'}}]},
              {'when': {'says': 'look'}, 'toolCalls': [{'name': 'look', 'arguments': {}}]},
              {'when': {'afterTool': 'look'}, 'text': ['I have ', 'seen it.']},
              {'when': {'says': 'hang'}, 'delay': '1h', 'text': 'never'},
              {'text': 'Hello.'}]}""";

    private final List<ModelRequest> requests = new CopyOnWriteArrayList<>();
    private WorkflowEngine engine = WorkflowEngine.create();
    private AgentOrchestrator agents;

    AgentOrchestratorTest() {
        engine.close();
        AiModule module = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(json(RULES)))
                .documents(new InMemoryDocumentStore())
                .tool(AgentTool.of("look", "Looks.", json("{'type': 'object'}"), (arguments, call) -> "a cat"))
                .listener(new ModelListener() {
                    @Override
                    public void asked(Caller caller, String provider, ModelRequest request) {
                        requests.add(request);
                    }
                })
                .build();
        engine = WorkflowEngine.builder().install(module).build();
        agents = module.agents(engine);
    }

    @BeforeEach
    void create() {
        AIAgent unused = agents.create(helper());
    }

    @AfterEach
    void close() {
        engine.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static AIAgent helper() {
        return AIAgent.custom("helper", new ModelChoice(null, null, "m"), "You are {{vars.mood}}, {{vars.name}}.")
                .withParameters(json("{'type': 'object', 'additionalProperties': false, 'properties': {"
                        + "'mood': {'type': 'string', 'default': 'calm', 'enum': ['calm', 'merry']},"
                        + "'name': {'type': 'string', 'default': 'Bo'}}}"))
                .withTools(List.of("look"));
    }

    private String instructions() {
        return String.valueOf(requests.get(requests.size() - 1).instructions());
    }

    // ---------------------------------------------------------------- definitions

    @Test
    void anAgentIsAskedByItsName() {
        AgentExecution execution = agents.execute(AgentTask.of("helper", "Hi").parameter("mood", "merry"));

        assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(execution.text()).isEqualTo("Hello.");
        assertThat(execution.agent()).isEqualTo("helper");
        assertThat(execution.version()).isEqualTo(1);
        assertThat(execution.turns()).isEqualTo(1);
        assertThat(execution.usage().total()).isPositive();
        assertThat(instructions()).isEqualTo("You are merry, Bo.");
        assertThat(requests.get(0).messages()).extracting(Message::text).containsExactly("Hi");
    }

    @Test
    void anUpdateIsANewVersion_andTheOldOneStays() {
        AgentExecution before = agents.execute(AgentTask.of("helper", "Hi"));
        AIAgent updated = agents.update(helper().withInstructions("You are new."));
        AgentExecution after = agents.execute(AgentTask.of("helper", "Hi"));

        assertThat(updated.version()).isEqualTo(2);
        assertThat(instructions()).isEqualTo("You are new.");
        assertThat(agents.executions("helper", null, 10).items())
                .extracting(AgentExecution::id, AgentExecution::version)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(after.id(), 2),
                        org.assertj.core.groups.Tuple.tuple(before.id(), 1));
        assertThat(agents.version("helper", 1).orElseThrow().instructions()).contains("{{vars.mood}}");
        assertThat(agents.update(helper().withInstructions("You are new.")).version())
                .as("nothing changes")
                .isEqualTo(2);
        assertThat(AIAgent.of(updated.toJson())).isEqualTo(updated);
    }

    @Test
    void aDisabledAgentIsNotAsked_neitherHereNorByWorkflows() {
        assertThat(agents.disable("helper").enabled()).isFalse();
        assertThatThrownBy(() -> agents.execute(AgentTask.of("helper", "Hi")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("it is disabled");
        Workflow calls = Workflow.builder("w")
                .start(NodeSpec.of("ask", "workflow.call")
                        .with("workflow", "agent.helper")
                        .with("input", Map.of("message", "Hi")))
                .build();
        assertThat(engine.run(calls, null).status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(requests).isEmpty();

        assertThat(agents.enable("helper").version()).isEqualTo(2);
        assertThat(agents.execute(AgentTask.of("helper", "Hi")).text()).isEqualTo("Hello.");
        assertThat(engine.run(calls, null).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }

    @Test
    void aDeletedAgentIsGone_andItsExecutionsStay() {
        agents.execute(AgentTask.of("helper", "Hi"));
        assertThat(agents.delete("helper")).isTrue();
        assertThat(agents.delete("helper")).isFalse();
        assertThat(agents.find("helper")).isEmpty();
        assertThat(agents.executions("helper", null, 10).items()).hasSize(1);
        assertThatThrownBy(() -> agents.execute(AgentTask.of("helper", "Hi"))).hasMessageContaining("there is none");

        assertThat(agents.create(helper()).version())
                .as("of one that comes after it")
                .isEqualTo(2);
        assertThat(agents.execute(AgentTask.of("helper", "Hi")).text()).isEqualTo("Hello.");
    }

    @Test
    void agentsAreListed_eachTenantItsOwn() {
        AIAgent unused = agents.create(AIAgent.preset(AgentType.DATA_ANALYST, "analyst", ModelChoice.of("c", "m"))
                .withModel(new ModelChoice(null, null, "m")));
        assertThat(agents.list(null, 10).items()).extracting(AIAgent::id).containsExactly("analyst", "helper");
        assertThat(agents.list(null, 1).next()).isNotNull();
    }

    @Test
    void whatIsWrongIsRefused_andNothingIsKept() {
        assertThatThrownBy(() -> agents.create(helper())).hasMessageContaining("there is one with that id");
        AIAgent other = helper().withName("Other");
        assertThatThrownBy(() -> agents.create(
                        AIAgent.of(other.toJson().with("id", "two")).withInstructions("{{vars.unknown}}")))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("unknown");
        assertThatThrownBy(() -> agents.create(
                        AIAgent.of(other.toJson().with("id", "two")).withTools(List.of("nothing"))))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("there is no tool 'nothing'");
        assertThatThrownBy(() -> agents.create(
                        AIAgent.of(other.toJson().with("id", "two")).withLimits(JsonObject.of("maxTurns", 0))))
                .isInstanceOf(InvalidWorkflowException.class);
        assertThatThrownBy(() -> AIAgent.of(other.toJson().with("temper", 1)))
                .hasMessageContaining("An agent has no field 'temper'");
        assertThatThrownBy(() -> AIAgent.of(other.toJson().with("type", "wizard")))
                .hasMessageContaining("there are content-creator");
        assertThatThrownBy(() -> AIAgent.of(other.toJson().with("id", "a/b")))
                .hasMessageContaining("The id of an agent");
        assertThatThrownBy(() -> helper().withInstructions(" ")).hasMessageContaining("no instructions");
        assertThatThrownBy(() -> agents.update(AIAgent.of(other.toJson().with("id", "two"))))
                .hasMessageContaining("there is none with that id");
        assertThatThrownBy(() -> agents.execute(AgentTask.of("helper", "Hi").parameter("mood", "wild")))
                .isInstanceOf(InvalidWorkflowException.class)
                .hasMessageContaining("mood");
        assertThatThrownBy(() -> agents.execute(AgentTask.of("helper", "Hi").parameter("mod", "calm")))
                .isInstanceOf(InvalidWorkflowException.class);
        assertThatThrownBy(() -> agents.execute(AgentTask.of("helper", "")))
                .isInstanceOf(InvalidWorkflowException.class);
        assertThat(agents.list(null, 10).items()).extracting(AIAgent::id).containsExactly("helper");
        assertThat(requests).isEmpty();
    }

    // ---------------------------------------------------------------- executions

    @Test
    void aTaskWithAKeyIsDoneOnce() {
        AgentExecution first = agents.execute(AgentTask.of("helper", "Hi").key("k"));
        AgentExecution second = agents.execute(AgentTask.of("helper", "Hi").key("k"));
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(requests).hasSize(1);
    }

    @Test
    void performanceIsOfAllExecutions() {
        agents.execute(AgentTask.of("helper", "Hi"));
        agents.execute(AgentTask.of("helper", "please look"));
        AgentExecution failed = agents.execute(AgentTask.of("helper", "fail"));
        assertThat(failed.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(failed.error()).isNotNull();

        AgentPerformance all = agents.performance("helper", null);
        assertThat(all.executions()).isEqualTo(3);
        assertThat(all.succeeded()).isEqualTo(2);
        assertThat(all.failed()).isEqualTo(1);
        assertThat(all.successRate().orElseThrow()).isBetween(0.66, 0.67);
        assertThat(all.toolCalls()).isEqualTo(1);
        assertThat(all.usage().total()).isPositive();
        assertThat(all.latency().p50()).isLessThanOrEqualTo(all.latency().max());
        assertThat(all.costPerExecution().orElseThrow()).isEqualByComparingTo(BigDecimal.ZERO);
        assertThat(agents.performance("helper", Instant.now().plusSeconds(60)).executions())
                .isZero();
        assertThat(agents.performance("nobody", null).successRate()).isEmpty();
    }

    @Test
    void percentilesAreTheNearestRanks() {
        List<Duration> all = new ArrayList<>();
        for (int i = 100; i >= 1; i--) {
            all.add(Duration.ofMillis(i));
        }
        AgentPerformance.Latency latency = AgentPerformance.Latency.of(all);
        assertThat(latency)
                .isEqualTo(new AgentPerformance.Latency(
                        Duration.ofMillis(50), Duration.ofMillis(95), Duration.ofMillis(99), Duration.ofMillis(100)));
        assertThat(AgentPerformance.Latency.of(List.of(Duration.ofMillis(7))).p50())
                .isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void anExecutionIsCancelled() {
        String id = agents.start(AgentTask.of("helper", "hang"));
        assertThat(agents.execution(id).orElseThrow().status().isEnded()).isFalse();
        assertThat(agents.cancel(id)).isTrue();
        assertThat(agents.execute(AgentTask.of("helper", "Hi")).text()).isEqualTo("Hello.");
        engine.handle(id).ifPresent(handle -> handle.await(Duration.ofSeconds(20)));
        assertThat(agents.execution(id).orElseThrow().status()).isEqualTo(ExecutionStatus.CANCELLED);
        assertThat(agents.cancel(id)).isFalse();
        assertThat(agents.cancel("unknown")).isFalse();
    }

    @Test
    void whoListensHearsAllOfIt_howeverLate() throws Exception {
        AgentExecution ended = agents.execute(AgentTask.of("helper", "please look"));
        List<AgentEvent> late = new CopyOnWriteArrayList<>();
        Runnable unused = agents.listen(ended.id(), late::add);
        assertThat(late)
                .containsExactly(
                        new AgentEvent.TurnBegan("m"),
                        new AgentEvent.ToolCalled("script-0-0", "look", JsonObject.EMPTY),
                        new AgentEvent.ToolReturned("script-0-0", "look", "ended", "a cat"),
                        new AgentEvent.TurnBegan("m"),
                        new AgentEvent.TextCame("I have seen it."),
                        new AgentEvent.Ended(ended));

        String id = agents.start(AgentTask.of("helper", "please look"));
        List<AgentEvent> events = new CopyOnWriteArrayList<>();
        CountDownLatch over = new CountDownLatch(1);
        Runnable also = agents.listen(id, event -> {
            events.add(event);
            if (event instanceof AgentEvent.Ended) {
                over.countDown();
            }
        });
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        StringBuilder text = new StringBuilder();
        events.forEach(event -> text.append(event instanceof AgentEvent.TextCame came ? came.text() : ""));
        assertThat(text.toString()).isEqualTo("I have seen it.");
        assertThat(events.get(events.size() - 1)).isInstanceOf(AgentEvent.Ended.class);
        assertThatThrownBy(() -> agents.listen("unknown", event -> {})).hasMessageContaining("no execution 'unknown'");
    }

    /** Each level would try again if it were told; so it is told to nobody. */
    @Test
    void anAgentThatCallsItselfForEverIsEnded() {
        AIAgent unused = agents.create(AIAgent.of(helper().toJson().with("id", "other"))
                .withTools(List.of(json("{'agent': 'again', 'name': 'again'}"))));
        AIAgent also = agents.create(AIAgent.of(helper().toJson().with("id", "again"))
                .withTools(List.of(json("{'agent': 'other', 'name': 'again'}"))));
        AgentExecution execution = agents.execute(AgentTask.of("again", "again and again"));
        assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(execution.error().kind()).isEqualTo("depth");
        assertThat(execution.error().message()).contains("32 runs are above it", "does it call itself without end?");
        assertThat(requests).hasSize(33);
    }

    // ---------------------------------------------------------------- conversations

    @Test
    void aConversationIsKeptListedAndForgotten() {
        agents.chat("helper", "c1", "Hi");
        agents.chat("helper", "c1", "please look");
        agents.chat("helper", "c2", "Hi");

        assertThat(requests.get(1).messages()).extracting(Message::text).containsExactly("Hi", "Hello.", "please look");
        assertThat(agents.conversation("c1").orElseThrow().exchanges()).isEqualTo(2);
        assertThat(agents.messages("c1", null, 10).items())
                .extracting(AgentMessage::message)
                .extracting(Message::text)
                .containsExactly("Hi", "Hello.", "please look", "", "", "I have seen it.");
        assertThat(agents.conversations(null, 10).items()).hasSize(2);
        assertThat(agents.deleteConversation("c1")).isTrue();
        assertThat(agents.deleteConversations(Instant.now().plusSeconds(60))).isEqualTo(1);
        assertThat(agents.conversations(null, 10).items()).isEmpty();
    }

    @Test
    void twoUseAConversationAtOnce_andBothAreKept() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String message = "Hi " + i;
            Thread thread = new Thread(() -> agents.chat("helper", "c", message));
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        List<String> said = agents.messages("c", null, 100).items().stream()
                .map(message -> message.message().text())
                .toList();
        assertThat(said).hasSize(16);
        for (int i = 0; i < 16; i += 2) {
            assertThat(said.get(i)).startsWith("Hi ");
            assertThat(said.get(i + 1)).isEqualTo("Hello.");
        }
    }
}
