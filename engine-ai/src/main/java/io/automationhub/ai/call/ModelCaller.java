package io.automationhub.ai.call;

import io.automationhub.ai.guard.GuardedCall;
import io.automationhub.ai.guard.GuardrailSet;
import io.automationhub.ai.message.Message;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Calls models: each of a chain in turn, and each again when that may help, until one answers. Safe for use by several threads.
 */
public final class ModelCaller {

    /** Failures that lie in the request or the workflow, so that no other model is asked. */
    private static final Set<String> NO_FALLBACK = Set.of(ExecutionError.KIND_CONFIG);

    /** How many times a model is asked to say otherwise what a guardrail does not let pass. */
    private static final int MOST_AGAIN = 2;

    private final CallServices services;

    public ModelCaller(CallServices services) {
        this.services = services;
    }

    /** Tells the listeners of something that is no call of a model. */
    public void tell(Consumer<ModelListener> event) {
        services.tell(event);
    }

    /**
     * Calls a model and waits for its answer.
     *
     * @param chain the models that may answer, the preferred one first
     * @throws LongWaitException if no model answered, and one would after a wait that is longer than the patience
     * @throws RetriableException or {@link NonRetriableException}, if none answered: why the last one did not
     * @throws CancellationException if the call was cancelled
     */
    public ModelResult call(ModelRequest request, List<ModelTarget> chain, CallSettings settings) {
        return call(request, chain, settings, List.of());
    }

    /** @param earlier attempts that were made for the same, whose answers did not do; they count, however this call ends */
    ModelResult call(ModelRequest request, List<ModelTarget> chain, CallSettings settings, List<ModelAttempt> earlier) {
        GuardrailSet all = services.guardrails().plus(settings.guardrails());
        GuardedCall guards = new GuardedCall(settings.label(), all.input(), all.output());
        ModelRequest asked = guards.input(request);
        List<ModelAttempt> before = earlier;
        for (int again = 0; ; again++) {
            boolean heard = settings.stream() && !guards.looksAtAnswers();
            ModelResult result = answered(asked, chain, settings, heard, before);
            GuardedCall.Passed passed = passed(guards, result, again < MOST_AGAIN);
            if (passed.retry().isEmpty()) {
                if (settings.stream() && !heard) {
                    String text = passed.message().text();
                    services.tell(listener -> listener.streamed(settings.caller(), new ModelDelta.Text(text)));
                }
                return result.with(passed.message(), guards.notes());
            }
            before = result.attempts();
            List<Message> more = new ArrayList<>(asked.messages());
            more.add(result.answer().message());
            more.add(Message.user("That cannot be taken: " + passed.retry().get() + ". Say it otherwise."));
            asked = asked.withMessages(more);
        }
    }

    /** What does not pass has cost something nevertheless. */
    private static GuardedCall.Passed passed(GuardedCall guards, ModelResult result, boolean mayRetry) {
        try {
            GuardedCall.Passed passed = guards.output(result.answer().message());
            if (passed.retry().isPresent() && !mayRetry) {
                throw guards.failed(passed.retry().get());
            }
            return passed;
        } catch (NonRetriableException e) {
            JsonObject details = e.details()
                    .with("usage", result.usage().toJson())
                    .with("cost", result.cost().toJson())
                    .with("attempts", JsonArray.of(result.attempts(), ModelAttempt::toJson));
            throw new NonRetriableException(e.kind(), String.valueOf(e.getMessage()), details, e);
        }
    }

    private ModelResult answered(
            ModelRequest request,
            List<ModelTarget> chain,
            CallSettings settings,
            boolean heard,
            List<ModelAttempt> before) {
        Attempts attempts = new Attempts(services, request, settings, heard, before);
        EngineException last = null;
        LongWaitException wait = null;
        for (ModelTarget target : chain) {
            try {
                ModelAnswer answer = attempts.answer(target);
                return ModelResult.of(answer, attempts.made());
            } catch (LongWaitException e) {
                wait = wait == null || shorter(e, wait) ? e : wait;
                last = e;
            } catch (RetriableException e) {
                last = e;
            } catch (NonRetriableException e) {
                last = e;
                if (NO_FALLBACK.contains(e.kind())) {
                    break;
                }
            }
        }
        if (last == null) {
            throw new IllegalArgumentException("A call needs a model that may answer");
        }
        // One that would answer later is better than none.
        throw wait != null ? attempts.withAll(wait) : attempts.told(last);
    }

    private static boolean shorter(LongWaitException one, LongWaitException other) {
        return one.retryAfter().orElseThrow().compareTo(other.retryAfter().orElseThrow()) < 0;
    }
}
