package io.automationhub.ai.node;

import io.automationhub.ai.call.ModelTarget;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.message.Part;
import io.automationhub.ai.message.Role;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.StopReason;
import io.automationhub.ai.tool.ToolOutcome;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The turns of an agent: it asks the model, makes the calls that it wants, tells it what came of them, and so on until it answers
 * without one. Each answer and each result is durable before the next step, so that after a crash the loop finds all of them again
 * and goes on where it was. For one call of an executor.
 */
final class AgentLoop {

    /** The kind of failure of an agent that did not come to an end within its bounds. */
    static final String KIND_LIMIT = "agent-limit";

    private static final String NUDGE = "There was no answer. Answer what was asked, or call a tool.";

    private static final String CUT_OFF =
            "Your answer was cut off at the most tokens it may have, perhaps within this call,"
                    + " so the call was not made; send it again, with less before it";

    private final ModelCall model;
    private final AgentCalls calls;
    private final AgentMemory memory;
    private final AgentBounds bounds;
    private final ExecutionContext context;
    private final AgentTally tally = new AgentTally();

    /**
     * A loop at its beginning.
     *
     * @param tools that it may call
     */
    AgentLoop(ModelCall model, AgentMemory memory, AgentTools tools, AgentBounds bounds, ExecutionContext context) {
        this.model = model;
        this.memory = memory;
        calls = new AgentCalls(tools, bounds, tally, context, model::tell);
        this.bounds = bounds;
        this.context = context;
    }

    /**
     * Goes on until there is an answer.
     *
     * @param schema of the answer; null for text
     * @throws NotEndedException if there is something to wait for
     * @throws NonRetriableException kind {@value #KIND_LIMIT}, if there is none after the last turn
     */
    NodeResult run(ModelRequest first, @Nullable JsonObject schema, List<ModelTarget> chain) {
        List<Message> told = memory.told(model, tally, chain);
        List<Message> messages = new ArrayList<>(told);
        messages.addAll(first.messages());
        for (int turn = 1; turn <= bounds.turns(); turn++) {
            ModelCall.Asked asked = model.ask("turn-" + turn, first.withMessages(messages), schema, chain);
            if (asked instanceof ModelCall.Asked.Waiting waiting) {
                throw new NotEndedException(List.of(waiting.wake()));
            }
            ModelCall.Asked.Answered answered = (ModelCall.Asked.Answered) asked;
            tally.add(answered);
            tally.check(answered);
            JsonObject outcome = answered.outcome();
            Message said = MessageJson.read(outcome.get(ModelCall.MESSAGE));
            if (!said.parts().isEmpty()) {
                messages.add(said);
            }
            if (!said.toolCalls().isEmpty()) {
                List<Part> results = new ArrayList<>();
                JsonObject handedOver = answered(turn, said.toolCalls(), isCutOff(outcome), results);
                if (handedOver != null) {
                    messages.set(messages.size() - 1, Message.assistant(Json.toText(handedOver.get("text"))));
                    memory.remember(messages.subList(told.size(), messages.size()));
                    return NodeResult.completed(
                            tally.output(AgentCalls.over(ModelCall.given(answered), handedOver), turn));
                }
                messages.add(new Message(Role.USER, results, null));
            } else if (isOver(outcome)) {
                memory.remember(messages.subList(told.size(), messages.size()));
                return NodeResult.completed(tally.output(ModelCall.given(answered), turn));
            } else if (!StopReason.PAUSED.text().equals(outcome.get("finish"))) {
                messages.add(Message.user(NUDGE));
            }
        }
        throw new NonRetriableException(
                KIND_LIMIT,
                "The agent of node '" + context.nodeId() + "' came to no answer in " + bounds.turns()
                        + " turns; raise maxTurns, or say in its instructions when it is done",
                tally.details(bounds.turns()),
                null);
    }

    private static boolean isOver(JsonObject outcome) {
        return !StopReason.PAUSED.text().equals(outcome.get("finish"))
                && (outcome.containsKey("json")
                        || !Json.toText(outcome.get("text")).isBlank());
    }

    private static boolean isCutOff(JsonObject outcome) {
        return StopReason.MAX_TOKENS.text().equals(outcome.get("finish"));
    }

    /**
     * Makes all calls, one after the other; the last of them may have handed over to somebody else, whose answer that is.
     *
     * @param cutOff whether the last call need not be whole
     */
    private @Nullable JsonObject answered(int turn, List<Part.ToolCall> made, boolean cutOff, List<Part> results) {
        for (int i = 0; i < made.size(); i++) {
            Part.ToolCall call = made.get(i);
            String against = cutOff && i == made.size() - 1 ? CUT_OFF : tally.tooOften(call, bounds);
            AgentCalls.Made done = calls.make("tool-" + turn + "-" + i, call, against);
            tally.add(turn, done);
            results.add(new Part.ToolResult(
                    done.call().id(),
                    done.call().name(),
                    List.of(new Part.Text(done.outcome().text())),
                    done.outcome().status() != ToolOutcome.Status.ENDED));
            if (done.handedOver() != null) {
                return done.handedOver();
            }
        }
        return null;
    }
}
