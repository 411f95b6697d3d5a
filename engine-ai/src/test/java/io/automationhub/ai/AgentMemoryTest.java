package io.automationhub.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.memory.AgentMessage;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.value.JsonPointer;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ai.agent} remembers: of conversations, by keys, in a run; with a window, and with a summary. */
@Timeout(60)
class AgentMemoryTest {

    private static final String RULES = """
            [{'when': {'instructions': 'memory of an agent'}, 'text': 'They like tea.'},
             {'when': {'says': 'please look'}, 'toolCalls': [{'name': 'look', 'arguments': {}}]},
             {'text': 'I see.'}]""";

    private final InMemoryDocumentStore documents = new InMemoryDocumentStore();
    private final List<ModelRequest> requests = new CopyOnWriteArrayList<>();
    private @Nullable TestEngine engine;
    private @Nullable AiModule module;

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private TestEngine engine(int crashAfter) {
        AiModule ai = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(json("{'rules': " + RULES + "}")))
                .documents(documents)
                .tool(AgentTool.of("look", "Looks.", json("{'type': 'object'}"), (arguments, invocation) -> "seen"))
                .listener(new ModelListener() {
                    @Override
                    public void asked(Caller caller, String provider, ModelRequest request) {
                        requests.add(request);
                    }
                })
                .build();
        module = ai;
        TestEngine.Builder builder = TestEngine.builder().engine(building -> building.install(ai));
        engine = (crashAfter > 0 ? builder.crashAfter(crashAfter) : builder).build();
        return engine;
    }

    private static Workflow workflow(String memory) {
        return Workflow.builder("w")
                .start(NodeSpec.of("agent", "ai.agent")
                        .with("model", "m")
                        .with("prompt", "{{input.says}}")
                        .with("tools", List.of("look"))
                        .with(Map.of("memory", json(memory))))
                .build();
    }

    private static TestRun say(TestEngine testing, String memory, Map<String, ?> input) {
        TestRun run = testing.start(workflow(memory), input).untilEnd();
        assertThat(run.record().status())
                .as(String.valueOf(run.record().error()))
                .isEqualTo(ExecutionStatus.SUCCEEDED);
        return run;
    }

    private List<String> told() {
        return requests.get(requests.size() - 1).messages().stream()
                .map(Message::text)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aConversationGoesOnInTheNextRun(int crashAfter) {
        TestEngine testing = engine(crashAfter);
        String memory = "{'scope': 'conversation', 'id': '{{input.chat}}'}";
        say(testing, memory, Map.of("chat", "c", "says", "please look"));
        requests.clear();
        say(testing, memory, Map.of("chat", "c", "says", "and now?"));

        assertThat(told()).containsExactly("please look", "", "", "I see.", "and now?");
        assertThat(module).isNotNull();
        assertThat(module.conversations().messages("default", "c", null, 10).items())
                .extracting(AgentMessage::exchange)
                .containsExactly(0L, 0L, 0L, 0L, 1L, 1L);
        say(testing, memory, Map.of("chat", "d", "says", "another"));
        assertThat(told()).containsExactly("another");
    }

    @Test
    void withoutAnIdNothingIsRemembered() {
        TestEngine testing = engine(0);
        String memory = "{'scope': 'conversation', 'id': '{{input.chat}}'}";
        say(testing, memory, Map.of("says", "hello"));
        say(testing, memory, Map.of("says", "hello again"));
        assertThat(told()).containsExactly("hello again");
    }

    @Test
    void aKeyIsOfOneNodeOfOneWorkflow() {
        TestEngine testing = engine(0);
        say(testing, "{'scope': 'key', 'id': '{{input.customer}}'}", Map.of("customer", 7, "says", "hello"));
        say(testing, "{'scope': 'key', 'id': '{{input.customer}}'}", Map.of("customer", 7, "says", "again"));
        assertThat(told()).containsExactly("hello", "I see.", "again");
        say(testing, "{'scope': 'conversation', 'id': '{{input.customer}}'}", Map.of("customer", 7, "says", "other"));
        assertThat(told()).containsExactly("other");
    }

    @Test
    void anIterationRemembersThoseBeforeInItsRun() {
        TestEngine testing = engine(0);
        Workflow workflow = Workflow.builder("w")
                .forEach(
                        "each",
                        "{{input}}",
                        body -> body.then(NodeSpec.of("agent", "ai.agent")
                                .with("model", "m")
                                .with("prompt", "{{item}}")
                                .with(Map.of("memory", json("{'scope': 'run'}")))))
                .build();
        testing.start(workflow, List.of("one", "two")).untilEnd();
        assertThat(told()).containsExactly("one", "I see.", "two");
        testing.start(workflow, List.of("three")).untilEnd();
        assertThat(told()).containsExactly("three");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void whatThereIsNoRoomForIsSummedUpOnce(int crashAfter) {
        TestEngine testing = engine(crashAfter);
        String memory = "{'scope': 'conversation', 'id': 'c', 'maxMessages': 4, 'summary': true}";
        say(testing, memory, Map.of("says", "one"));
        say(testing, memory, Map.of("says", "two"));
        say(testing, memory, Map.of("says", "three"));
        assertThat(told()).containsExactly("one", "I see.", "two", "I see.", "three");
        TestRun run = say(testing, memory, Map.of("says", "four"));

        assertThat(told())
                .containsExactly("What was said before, summed up:\nThey like tea.", "three", "I see.", "four");
        // The summary is one of the requests that were paid for.
        assertThat((List<?>) JsonPointer.read(run.record().output(), "/attempts"))
                .hasSize(2);
        requests.clear();
        say(testing, memory, Map.of("says", "five"));
        assertThat(requests).hasSizeBetween(1, crashAfter == 0 ? 1 : 2);
        assertThat(told())
                .containsExactly(
                        "What was said before, summed up:\nThey like tea.",
                        "three",
                        "I see.",
                        "four",
                        "I see.",
                        "five");
    }

    @Test
    void anIdThatIsTooLongFailsTheNode() {
        TestEngine testing = engine(0);
        TestRun run = testing.start(
                        workflow("{'scope': 'conversation', 'id': '{{input.chat}}'}"),
                        Map.of("chat", "x".repeat(200), "says", "hello"))
                .untilEnd();
        assertThat(run.record().error()).isNotNull();
        assertThat(run.record().error().message()).contains("Cannot remember", "1 to 150 characters, found 200");
    }
}
