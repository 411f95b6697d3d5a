package io.automationhub.ai.node;

import io.automationhub.ai.call.CallSettings;
import io.automationhub.ai.call.LongWaitException;
import io.automationhub.ai.call.ModelAttempt;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.call.ModelResult;
import io.automationhub.ai.call.ModelTarget;
import io.automationhub.ai.call.RequestPlaces;
import io.automationhub.ai.call.StructuredCaller;
import io.automationhub.ai.call.StructuredResult;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.StopReason;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.event.Wake;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The call of a model by an attempt of a node. Its answer is durable before the node goes on; when a provider asks for a long wait,
 * the node waits without a thread, and calls again.
 */
final class ModelCall {

    /** The kind of failure of an answer that a model refused. */
    static final String KIND_REFUSAL = "refusal";

    /** The kind of failure of an answer, or a question, that a provider held back. */
    static final String KIND_SAFETY = "safety";

    private static final int MOST_WAITS = 20;

    /** Where the whole message of an answer is kept, if it is. */
    static final String MESSAGE = "message";

    /** Where an answer says that it was asked for before by a process that died, and may have been paid for twice. */
    static final String REISSUED = "reissued";

    /** An answer as it is kept. */
    private static final JsonObject.Shape ANSWER = JsonObject.Shape.of(List.of(
            "text",
            "refusal",
            "finish",
            "model",
            "provider",
            "cached",
            "usage",
            "cost",
            "attempts",
            "notes",
            "requestId",
            MESSAGE));

    /** What is kept of an answer and not given. */
    private static final Set<String> KEPT = Set.of("refusal", MESSAGE, REISSUED);

    private final ModelNodes nodes;
    private final ExecutionContext context;
    private final PromptConfig config;
    private final boolean keepsMessages;

    /** Tells what this object began from what one before it did. */
    private final String mine;

    /** @param keepsMessages whether the whole message is kept with an answer, for a conversation that goes on */
    ModelCall(ModelNodes nodes, PromptConfig config, ExecutionContext context, boolean keepsMessages) {
        this.nodes = nodes;
        this.config = config;
        this.context = context;
        this.keepsMessages = keepsMessages;
        mine = keepsMessages ? anyId() : "";
    }

    /** Nobody has to be kept from guessing it, so the threads need not queue for the secure source of randomness. */
    private static String anyId() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** An answer, or what has to be waited for before there can be one. */
    sealed interface Asked {

        /**
         * An answer, which is durable.
         *
         * @param outcome as it is kept
         * @param before attempts that were made before a wait
         */
        record Answered(JsonObject outcome, List<@Nullable Object> before) implements Asked {}

        record Waiting(Wake wake) implements Asked {}
    }

    /**
     * The result of an attempt that asks once.
     *
     * @param schema of the answer; null for text
     * @param result makes it of the output
     */
    NodeResult result(ModelRequest request, @Nullable JsonObject schema, Function<JsonObject, NodeResult> result) {
        Asked asked = ask(String.valueOf(context.attempt()), request, schema, config.chain(nodes));
        return asked instanceof Asked.Answered answered
                ? result.apply(output(answered))
                : NodeResult.suspended(((Asked.Waiting) asked).wake());
    }

    /**
     * Asks, unless there is an answer already.
     *
     * @param name of the answer, by which it is found again
     * @param schema of the answer; null for text
     */
    Asked ask(String name, ModelRequest request, @Nullable JsonObject schema, List<ModelTarget> chain) {
        List<@Nullable Object> before = new ArrayList<>();
        for (int wait = 0; wait < MOST_WAITS; wait++) {
            Instant place = place(name + "-" + wait, chain.get(0), request);
            if (place.isAfter(context.now())) {
                return new Asked.Waiting(Wake.at(place));
            }
            boolean again = keepsMessages && wasBegun(name + "-" + wait);
            JsonObject outcome = Json.object(context.once(
                    "ask-" + name + "-" + wait,
                    () -> again
                            ? outcome(request, schema, chain).with(REISSUED, true)
                            : outcome(request, schema, chain)));
            if (!(outcome.get("until") instanceof Long until)) {
                return new Asked.Answered(outcome, before);
            }
            if (Instant.ofEpochMilli(until).isAfter(context.now())) {
                return new Asked.Waiting(Wake.at(Instant.ofEpochMilli(until)));
            }
            before.addAll(Json.object(outcome).get("attempts") instanceof JsonArray list ? list : JsonArray.EMPTY);
        }
        throw new NonRetriableException(
                "rate-limit",
                "The provider asked " + config.label() + " to wait " + MOST_WAITS
                        + " times; look at the limits of its account",
                null);
    }

    /** Whether a process that died had begun to ask the same in this attempt; if the answer is stored that says nothing. */
    private boolean wasBegun(String name) {
        return !mine.equals(context.once("begun-" + context.attempt() + "-" + name, () -> mine));
    }

    /** When the first request may begin. It is kept, so that the request has it when the wait is over. */
    private Instant place(String name, ModelTarget target, ModelRequest request) {
        Optional<Connection> limited = target.connection().filter(nodes::isBounded);
        if (limited.isEmpty()) {
            return Instant.MIN;
        }
        Object kept =
                context.once("place-" + name, () -> next(limited.get(), request).toEpochMilli());
        return Instant.ofEpochMilli(kept instanceof Long millis ? millis : 0);
    }

    private Instant next(Connection limited, ModelRequest request) {
        return nodes.place(
                limited, request, new ConnectionClient.Sender(context.tenant(), context::onCancel, context::now));
    }

    /** The first request has its place already. */
    private RequestPlaces places(ModelRequest request) {
        AtomicBoolean first = new AtomicBoolean(true);
        return target -> first.getAndSet(false)
                ? Instant.MIN
                : target.connection()
                        .filter(nodes::isBounded)
                        .map(limited -> next(limited, request))
                        .orElse(Instant.MIN);
    }

    /** An answer, or until when to wait. */
    private JsonObject outcome(ModelRequest request, @Nullable JsonObject schema, List<ModelTarget> chain) {
        try {
            if (schema == null) {
                return answered(nodes.caller().call(request, chain, settings(request)));
            }
            StructuredResult found = new StructuredCaller(nodes.caller())
                    .call(request, schema, config.repairs(), chain, settings(request));
            return answered(found.result()).with("json", found.value());
        } catch (LongWaitException e) {
            return JsonObject.builder()
                    .put(
                            "until",
                            context.now().plus(e.retryAfter().orElseThrow()).toEpochMilli())
                    .put("attempts", JsonArray.of(e.attempts(), ModelAttempt::toJson))
                    .build();
        }
    }

    /** Who calls. */
    static ModelListener.Caller caller(ExecutionContext context) {
        return new ModelListener.Caller(
                context.tenant(), context.workflowId(), context.executionId(), context.nodeId());
    }

    /** Tells all that hear of calls. */
    void tell(Consumer<ModelListener> event) {
        nodes.caller().tell(event);
    }

    private CallSettings settings(ModelRequest request) {
        return new CallSettings(
                config.label(),
                caller(context),
                config.timeout(),
                config.idleTimeout(),
                config.patience(),
                places(request),
                config.stream(),
                config.cache(),
                config.budget().stream().toList(),
                config.guardrails(),
                context::onCancel,
                context::now,
                context::openBlob);
    }

    private JsonObject answered(ModelResult result) {
        ModelAnswer answer = result.answer();
        ModelAttempt last = result.attempts().get(result.attempts().size() - 1);
        Message message = answer.message();
        return ANSWER.object(
                message.text(),
                message.refusal(),
                answer.stop().text(),
                answer.model(),
                last.provider(),
                last.cached(),
                result.usage().toJson(),
                result.cost().toJson(),
                JsonArray.of(result.attempts(), ModelAttempt::toJson),
                JsonArray.of(answer.notes().toArray()),
                answer.requestId(),
                keepsMessages ? MessageJson.write(KeptMessage.of(message)) : null);
    }

    /**
     * The output of a node with an answer.
     *
     * @throws NonRetriableException if it was refused or held back
     */
    static JsonObject output(Asked.Answered answered) {
        check(answered);
        return given(answered);
    }

    /**
     * Looks whether there is an answer to go on with.
     *
     * @throws NonRetriableException if it was refused or held back; what is known of it is in the details
     */
    static void check(Asked.Answered answered) {
        String finish = Json.toText(answered.outcome().get("finish"));
        String refusal = Json.toText(answered.outcome().get("refusal"));
        if (finish.equals(StopReason.SAFETY.text())) {
            throw new NonRetriableException(
                    KIND_SAFETY,
                    "The provider held the answer back for reasons of safety; change what is asked",
                    given(answered),
                    null);
        }
        if (finish.equals(StopReason.REFUSAL.text()) || !refusal.isEmpty()) {
            throw new NonRetriableException(
                    KIND_REFUSAL,
                    "The model refused to answer" + (refusal.isEmpty() ? "" : ": " + refusal)
                            + "; change what is asked",
                    given(answered),
                    null);
        }
    }

    /** What is given of an answer, whatever it is. */
    static JsonObject given(Asked.Answered answered) {
        JsonObject.Builder given = JsonObject.builder();
        answered.outcome().forEach((field, value) -> {
            if (!KEPT.contains(field)) {
                given.put(field, value);
            }
        });
        List<@Nullable Object> attempts = new ArrayList<>(answered.before());
        attempts.addAll(answered.outcome().get("attempts") instanceof JsonArray list ? list : JsonArray.EMPTY);
        return given.put("attempts", attempts).build();
    }
}
