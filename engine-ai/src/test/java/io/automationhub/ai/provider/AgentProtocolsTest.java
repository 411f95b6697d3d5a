package io.automationhub.ai.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.model.ModelTool;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.ToolInvocation;
import io.automationhub.engine.Approvals.Decision;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The loop of an agent over each protocol, as it goes over the wire: what a model wants, what it is told in the next request, and how it
 * ends; every bound, every failure of a tool, every outcome of an approval, and calls side by side.
 */
@Tag("campaign")
@Timeout(60)
class AgentProtocolsTest {

    /** Behind a turn: the answer ends there, at the most tokens. */
    private static final String CUT_OFF = "…";

    private final LocalProvider local = new LocalProvider();
    private final List<String> done = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        local.start();
    }

    @AfterEach
    void close() {
        local.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    // ---------------------------------------------------------------- what models answer

    /** A call, as {@code name arguments}. */
    private record Call(String name, String arguments) {

        static Call of(String text) {
            int space = text.indexOf(' ');
            return space < 0
                    ? new Call(text, "{}")
                    : new Call(
                            text.substring(0, space), text.substring(space + 1).replace('\'', '"'));
        }
    }

    private static String wanting(WireProtocol protocol, int turn, boolean cutOff, List<Call> calls) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            String id = "call-" + turn + "-" + i;
            Call call = calls.get(i);
            items.add(
                    switch (protocol) {
                        case RESPONSES ->
                            Map.of(
                                    "type",
                                    "function_call",
                                    "id",
                                    "f" + id,
                                    "call_id",
                                    id,
                                    "name",
                                    call.name(),
                                    "arguments",
                                    call.arguments());
                        case CHAT ->
                            Map.of(
                                    "id",
                                    id,
                                    "type",
                                    "function",
                                    "function",
                                    Map.of("name", call.name(), "arguments", call.arguments()));
                        case ANTHROPIC ->
                            Map.of(
                                    "type",
                                    "tool_use",
                                    "id",
                                    id,
                                    "name",
                                    call.name(),
                                    "input",
                                    parsed(call.arguments()));
                        case GEMINI ->
                            Map.of(
                                    "functionCall",
                                    Map.of("id", id, "name", call.name(), "args", parsed(call.arguments())));
                    });
        }
        return Json.write(Json.of(
                switch (protocol) {
                    case RESPONSES ->
                        Map.of(
                                "status",
                                cutOff ? "incomplete" : "completed",
                                "incomplete_details",
                                cutOff ? Map.of("reason", "max_output_tokens") : Map.of(),
                                "output",
                                items,
                                "usage",
                                Map.of("input_tokens", 9, "output_tokens", 3));
                    case CHAT ->
                        Map.of(
                                "choices",
                                List.of(Map.of(
                                        "finish_reason",
                                        cutOff ? "length" : "tool_calls",
                                        "message",
                                        Map.of("role", "assistant", "tool_calls", items))));
                    case ANTHROPIC ->
                        Map.of(
                                "type",
                                "message",
                                "role",
                                "assistant",
                                "stop_reason",
                                cutOff ? "max_tokens" : "tool_use",
                                "content",
                                items);
                    case GEMINI ->
                        Map.of(
                                "candidates",
                                List.of(Map.of(
                                        "finishReason",
                                        cutOff ? "MAX_TOKENS" : "STOP",
                                        "content",
                                        Map.of("role", "model", "parts", items))));
                }));
    }

    /** Broken JSON stays what it is, where a protocol has values and not texts. */
    private static Object parsed(String arguments) {
        try {
            return Objects.requireNonNull(Json.parse(arguments));
        } catch (RuntimeException e) {
            return arguments;
        }
    }

    private static String saying(WireProtocol protocol, String text) {
        return Json.write(Json.of(
                switch (protocol) {
                    case RESPONSES ->
                        Map.of(
                                "status",
                                "completed",
                                "output",
                                text.isEmpty()
                                        ? List.of()
                                        : List.of(Map.of(
                                                "type",
                                                "message",
                                                "role",
                                                "assistant",
                                                "content",
                                                List.of(Map.of("type", "output_text", "text", text)))));
                    case CHAT ->
                        Map.of(
                                "choices",
                                List.of(Map.of(
                                        "finish_reason",
                                        "stop",
                                        "message",
                                        Map.of("role", "assistant", "content", text))));
                    case ANTHROPIC ->
                        Map.of(
                                "type",
                                "message",
                                "role",
                                "assistant",
                                "stop_reason",
                                "end_turn",
                                "content",
                                text.isEmpty() ? List.of() : List.of(Map.of("type", "text", "text", text)));
                    case GEMINI ->
                        Map.of(
                                "candidates",
                                List.of(Map.of(
                                        "finishReason",
                                        "STOP",
                                        "content",
                                        Map.of(
                                                "role",
                                                "model",
                                                "parts",
                                                text.isEmpty() ? List.of() : List.of(Map.of("text", text))))));
                }));
    }

    // ---------------------------------------------------------------- scenarios

    /**
     * What happens.
     *
     * @param turns what the model wants in each turn: calls, or a text behind {@code =}
     * @param told a text that must be in the last request; empty if there need not be one
     * @param ends how the node ends: {@code ok}, or the kind of its failure
     * @param did the calls that were made
     * @param decision how an approval is decided; null if none is asked for
     */
    private record Scenario(
            String name,
            List<List<String>> turns,
            String told,
            String ends,
            List<String> did,
            @Nullable Decision decision) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Scenario scenario(String name, String told, String ends, List<String> did, String... turns) {
        return new Scenario(
                name,
                Stream.of(turns).map(turn -> List.of(turn.split(" & ", -1))).toList(),
                told,
                ends,
                did,
                null);
    }

    private static Scenario decided(String name, Decision decision, String told, List<String> did) {
        return new Scenario(
                name,
                List.of(List.of("look {'at': 'a'}", "pay {'amount': 5}", "look {'at': 'b'}"), List.of("=Done.")),
                told,
                "ok",
                did,
                decision);
    }

    private static List<Scenario> scenarios() {
        String huge = "x".repeat(10_000_000);
        return List.of(
                scenario(
                        "calls side by side",
                        "seen b",
                        "ok",
                        List.of("look a", "look b"),
                        "look {'at': 'a'} & look {'at': 'b'}",
                        "=Done."),
                scenario(
                        "two turns",
                        "seen b",
                        "ok",
                        List.of("look a", "look b"),
                        "look {'at': 'a'}",
                        "look {'at': 'b'}",
                        "=Done."),
                scenario("an unknown name", "There is no tool 'lok'", "ok", List.of(), "lok {}", "=Done."),
                scenario(
                        "arguments that do not fit",
                        "do not fit the schema",
                        "ok",
                        List.of(),
                        "look {'at': 7}",
                        "=Done."),
                scenario("arguments that are no JSON", "no JSON object", "ok", List.of(), "look {'at", "=Done."),
                scenario(
                        "arguments of 10 MB",
                        "too long to be read",
                        "ok",
                        List.of(),
                        "look {'at': '" + huge + "'}",
                        "=Done."),
                scenario(
                        "a tool that fails",
                        "The tool failed: out of order",
                        "ok",
                        List.of("fail"),
                        "fail {}",
                        "=Done."),
                scenario("a tool that hangs", "did not end within 50 ms", "ok", List.of("hang"), "hang {}", "=Done."),
                scenario(
                        "a gigantic result",
                        "[cut off: these are 50000 of 1000000 characters]",
                        "ok",
                        List.of("large"),
                        "large {}",
                        "=Done."),
                scenario("an answer that is empty", "There was no answer", "ok", List.of(), "=", "=Done."),
                scenario(
                        "an answer that stops in mid-call",
                        "cut off at the most tokens",
                        "ok",
                        List.of("look a"),
                        "look {'at': 'a'} & fail {}" + CUT_OFF,
                        "=Done."),
                scenario(
                        "the same call again and again",
                        "with the same arguments",
                        "ok",
                        List.of("look a", "look a"),
                        "look {'at': 'a'}",
                        "look {'at': 'a'}",
                        "look {'at': 'a'}",
                        "=Done."),
                scenario(
                        "a tool too often",
                        "which is as often as it may be",
                        "ok",
                        List.of("look 1", "look 2", "look 3"),
                        "look {'at': '1'} & look {'at': '2'} & look {'at': '3'} & look {'at': '4'}",
                        "=Done."),
                scenario(
                        "calls for ever",
                        "",
                        "agent-limit",
                        List.of("look 1", "look 2", "look 3", "fail"),
                        "look {'at': '1'}",
                        "look {'at': '2'}",
                        "look {'at': '3'}",
                        "fail {}"),
                decided(
                        "a call that is approved",
                        Decision.approve("ann"),
                        "paid 5",
                        List.of("look a", "pay 5", "look b")),
                decided(
                        "a call that is denied",
                        Decision.reject("ann").comment("too much"),
                        "The call was denied: too much",
                        List.of("look a", "look b")),
                decided(
                        "a call that is approved otherwise",
                        Decision.approve("ann").data(Map.of("arguments", Map.of("amount", 3))),
                        "paid 3",
                        List.of("look a", "pay 3", "look b")));
    }

    static Stream<Arguments> all() {
        return scenarios().stream()
                .flatMap(
                        scenario -> Stream.of(WireProtocol.values()).map(protocol -> Arguments.of(scenario, protocol)));
    }

    private AgentTool tool(String name, String schema, AgentTool.Function does) {
        return AgentTool.of(name, "Does " + name + ".", json(schema), does);
    }

    /** Never ends by itself. */
    private final class Hanging implements AgentTool {

        @Override
        public ModelTool declaration() {
            return new ModelTool("hang", "Hangs.", json("{'type': 'object'}"));
        }

        @Override
        public @Nullable Object call(JsonObject arguments, ToolInvocation invocation) throws Exception {
            done.add("hang");
            new CountDownLatch(1).await();
            return null;
        }

        @Override
        public Duration timeout() {
            return Duration.ofMillis(50);
        }
    }

    private AiModule module() {
        return AiModule.builder(local.connectors())
                .tool(tool(
                        "look",
                        "{'type': 'object', 'required': ['at'], 'properties': {'at': {'type': 'string', 'maxLength': 100}}}",
                        (arguments, invocation) -> {
                            done.add("look " + arguments.get("at"));
                            return "seen " + arguments.get("at");
                        }))
                .tool(tool(
                        "pay",
                        "{'type': 'object', 'required': ['amount'], 'properties': {'amount': {'type': 'integer'}}}",
                        (arguments, invocation) -> {
                            done.add("pay " + arguments.get("amount"));
                            return "paid " + arguments.get("amount");
                        }))
                .tool(tool("fail", "{'type': 'object'}", (arguments, invocation) -> {
                    done.add("fail");
                    throw new IOException("out of order");
                }))
                .tool(tool("large", "{'type': 'object'}", (arguments, invocation) -> {
                    done.add("large");
                    return "0123456789".repeat(100_000);
                }))
                .tool(new Hanging())
                .build();
    }

    private static Workflow workflow(WireProtocol protocol) {
        return Workflow.builder("w")
                .start(NodeSpec.of("agent", "ai.agent")
                        .connection(protocol.connector())
                        .with("model", "m")
                        .with("prompt", "Do it.")
                        .with("maxTurns", 4)
                        .with("maxCallsPerTool", 3)
                        .with(
                                "tools",
                                List.of("look", "fail", "large", "hang", Map.of("tool", "pay", "approval", true))))
                .build();
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("all")
    void theLoop(Scenario scenario, WireProtocol protocol) throws Exception {
        for (int turn = 0; turn < scenario.turns().size(); turn++) {
            List<String> wanted = scenario.turns().get(turn);
            local.enqueue(
                    200,
                    "application/json",
                    wanted.get(0).startsWith("=")
                            ? saying(protocol, wanted.get(0).substring(1))
                            : wanting(
                                    protocol,
                                    turn,
                                    wanted.get(wanted.size() - 1).endsWith(CUT_OFF),
                                    wanted.stream()
                                            .map(call -> Call.of(call.replace(CUT_OFF, "")))
                                            .toList()));
        }
        WorkflowExecution run;
        try (WorkflowEngine engine = WorkflowEngine.builder().install(module()).build()) {
            WorkflowEngine acme = engine.forTenant(LocalProvider.TENANT);
            ExecutionHandle handle = acme.start(ExecutionRequest.of(workflow(protocol)));
            if (scenario.decision() != null) {
                Instant until = Instant.now().plusSeconds(20);
                while (acme.approvals().open().isEmpty() && Instant.now().isBefore(until)) {
                    Thread.onSpinWait();
                }
                assertThat(done).containsExactly("look a");
                var unused =
                        acme.approvals().decide(acme.approvals().open().get(0).token(), scenario.decision());
            }
            run = handle.await(Duration.ofSeconds(30));
        }
        assertThat(run.error().map(error -> error.kind()).orElse("ok"))
                .as(run.error() + "")
                .isEqualTo(scenario.ends());
        assertThat(done).isEqualTo(scenario.did());
        String last = "";
        for (int turn = 0; turn < scenario.turns().size(); turn++) {
            last = Objects.requireNonNull(Objects.requireNonNull(local.server().takeRequest(10, TimeUnit.SECONDS))
                            .getBody())
                    .utf8();
        }
        assertThat(last).contains(scenario.told());
        if (run.status() == ExecutionStatus.SUCCEEDED) {
            assertThat(Json.object(run.output()).get("text")).isEqualTo("Done.");
        }
    }
}
