package io.automationhub.ai.observe;

import io.automationhub.ai.call.ModelAttempt;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.guard.GuardedCall;
import io.automationhub.ai.guard.Guardrail;
import io.automationhub.ai.guard.Guardrails;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.message.MessageJson;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.value.Json;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes an observation of each request to a model, from which Micrometer makes metrics and spans. Names and keys are those of
 * OpenTelemetry's <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/">semantic conventions for generative AI</a>, and those of
 * the engine: {@code automationhub.workflow}, {@code automationhub.node}, {@code automationhub.execution}. What was said is recorded
 * only if that is switched on, without what looks like secrets and personal data. Safe for use by several threads.
 */
public final class ObservedModels implements ModelListener {

    /** The name of the observations. */
    public static final String NAME = "gen_ai.client.operation.duration";

    private static final String CHAT = "chat";
    private static final List<Guardrail> REDACTED = List.of(Guardrails.secrets(), Guardrails.personalData());

    private final ObservationRegistry registry;
    private final boolean content;

    /** A request is answered on the thread on which it was begun. */
    private final Map<Thread, Observation> current = new ConcurrentHashMap<>();

    private ObservedModels(ObservationRegistry registry, boolean content) {
        this.registry = registry;
        this.content = content;
    }

    /** Observes without what is said. */
    public static ObservedModels of(ObservationRegistry registry) {
        return new ObservedModels(registry, false);
    }

    /** Observes with what is said, in {@code gen_ai.input.messages} and {@code gen_ai.output.messages}, redacted. */
    public ObservedModels withContent() {
        return new ObservedModels(registry, true);
    }

    @Override
    public void asked(Caller caller, String provider, ModelRequest request) {
        Observation observation = Observation.createNotStarted(NAME, registry)
                .contextualName(CHAT + " " + request.model())
                .lowCardinalityKeyValue("gen_ai.operation.name", CHAT)
                .lowCardinalityKeyValue("gen_ai.provider.name", provider)
                .lowCardinalityKeyValue("gen_ai.request.model", request.model())
                .lowCardinalityKeyValue("automationhub.workflow", caller.workflow())
                .lowCardinalityKeyValue("automationhub.node", caller.node())
                .highCardinalityKeyValue("automationhub.execution", caller.execution());
        if (content) {
            observation.highCardinalityKeyValue("gen_ai.input.messages", said(request.messages()));
        }
        current.put(Thread.currentThread(), observation.start());
    }

    @Override
    public void attempted(Caller caller, ModelAttempt attempt, @Nullable ModelAnswer answer) {
        Observation observation = current.remove(Thread.currentThread());
        if (observation == null) {
            // An answer that was given before asks nobody.
            return;
        }
        observation
                .lowCardinalityKeyValue("error.type", attempt.kind() == null ? "none" : attempt.kind())
                .lowCardinalityKeyValue("gen_ai.response.model", answer == null ? "none" : answer.model())
                .highCardinalityKeyValue(
                        "gen_ai.usage.input_tokens",
                        Long.toString(attempt.usage().input()))
                .highCardinalityKeyValue(
                        "gen_ai.usage.output_tokens",
                        Long.toString(attempt.usage().output()));
        if (answer != null) {
            observation.highCardinalityKeyValue(
                    "gen_ai.response.finish_reasons", answer.stop().text());
            if (answer.requestId() != null) {
                observation.highCardinalityKeyValue("gen_ai.response.id", answer.requestId());
            }
            if (content) {
                observation.highCardinalityKeyValue("gen_ai.output.messages", said(List.of(answer.message())));
            }
        }
        observation.stop();
    }

    private static String said(List<Message> messages) {
        GuardedCall redacting = new GuardedCall("a record", REDACTED, List.of());
        ModelRequest redacted = redacting.input(ModelRequest.of("record", messages));
        return Json.write(redacted.messages().stream()
                .map(message -> MessageJson.write(new Message(message.role(), message.parts(), null)))
                .toList());
    }
}
