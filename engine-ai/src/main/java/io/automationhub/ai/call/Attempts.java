package io.automationhub.ai.call;

import io.automationhub.ai.budget.Budgets;
import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.model.ModelAnswer;
import io.automationhub.ai.model.ModelDelta;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.model.ProviderCall;
import io.automationhub.ai.model.TokenEstimate;
import io.automationhub.ai.model.Usage;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts of one call of a model. For use by one thread. */
final class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

    private final CallServices services;
    private final ModelRequest request;
    private final CallSettings settings;
    private final boolean heard;
    private final List<ModelAttempt> made;

    /**
     * @param heard whether listeners hear of each piece of an answer
     * @param before attempts that were made for the same, whose answers did not do
     */
    Attempts(
            CallServices services,
            ModelRequest request,
            CallSettings settings,
            boolean heard,
            List<ModelAttempt> before) {
        made = new ArrayList<>(before);
        this.services = services;
        this.request = request;
        this.settings = settings;
        this.heard = heard;
    }

    /** All that were made so far, the first first. */
    List<ModelAttempt> made() {
        return made;
    }

    ModelAnswer answer(ModelTarget target) {
        if (settings.cache()) {
            Optional<ModelAnswer> before =
                    services.cache().find(settings.caller().tenant(), target, request.withModel(target.model()));
            if (before.isPresent()) {
                return cached(target, before.get());
            }
        }
        for (int number = 1; ; number++) {
            try {
                awaitPlace(target);
                return attempt(target);
            } catch (LongWaitException e) {
                throw e;
            } catch (RetriableException e) {
                Duration asked = e.retryAfter().orElse(Duration.ZERO);
                if (asked.compareTo(settings.patience()) > 0) {
                    throw new LongWaitException(e, asked, made);
                }
                if (number >= services.delays().attempts()) {
                    throw e;
                }
                pause(longer(asked, services.delays().after(number)));
            }
        }
    }

    private void awaitPlace(ModelTarget target) {
        Duration wait = Duration.between(settings.now().get(), settings.places().next(target));
        if (wait.compareTo(settings.patience()) > 0) {
            throw new LongWaitException(
                    new RetriableException(
                            "rate-limit",
                            "The rate of the connection of " + settings.label() + " allows the next request in "
                                    + wait.toSeconds() + " s",
                            wait,
                            null),
                    wait,
                    made);
        }
        if (!wait.isNegative()) {
            pause(wait);
        }
    }

    /** It costs nothing. */
    private ModelAnswer cached(ModelTarget target, ModelAnswer answer) {
        if (heard) {
            streamed(new ModelDelta.Text(answer.message().text()));
        }
        made(
                new ModelAttempt(
                        target.name(),
                        target.model(),
                        true,
                        Duration.ZERO,
                        null,
                        null,
                        Usage.NONE,
                        Cost.free("cached")),
                answer);
        return answer.withUsage(Usage.NONE);
    }

    /** What it may use is reserved, and what it used is settled, however it ends. */
    private ModelAnswer attempt(ModelTarget target) {
        Instant begun = settings.now().get();
        long start = System.nanoTime();
        Budgets.Reservation reserved = reserve(target, begun);
        Usage used = Usage.NONE;
        Cost cost = Cost.free("nothing was used");
        ModelRequest asked = request.withModel(target.model());
        services.tell(listener -> listener.asked(settings.caller(), target.name(), asked));
        try {
            ModelAnswer answer = ask(target, asked);
            used = answer.usage();
            cost = services.prices().cost(answer.model(), target.model(), used, answer.tier(), begun);
            made(new ModelAttempt(target.name(), target.model(), false, since(start), null, null, used, cost), answer);
            if (settings.cache()) {
                services.cache().keep(settings.caller().tenant(), target, asked, answer);
            }
            return answer;
        } catch (RuntimeException e) {
            // A stream that broke has used something.
            used = e instanceof EngineException failure && failure.details().get("usage") instanceof JsonObject told
                    ? Usage.of(told)
                    : Usage.NONE;
            cost = services.prices().cost(target.model(), target.model(), used, null, begun);
            made(
                    new ModelAttempt(
                            target.name(), target.model(), false, since(start), kind(e), e.getMessage(), used, cost),
                    null);
            throw e;
        } finally {
            settle(reserved, used, cost, since(start));
        }
    }

    /** An answer that was paid for is not lost because its price cannot be written down. */
    private void settle(Budgets.Reservation reserved, Usage used, Cost cost, Duration took) {
        try {
            services.budgets().settle(reserved, used, cost, took, settings.now().get());
        } catch (RuntimeException e) {
            LOG.warn(
                    "What {} used of its budgets cannot be kept; what was reserved will count as used",
                    settings.label(),
                    e);
        }
    }

    private Budgets.Reservation reserve(ModelTarget target, Instant begun) {
        if (!services.budgets().bound(settings.budgets())) {
            return Budgets.NOTHING;
        }
        Usage most = TokenEstimate.most(request);
        ModelListener.Caller caller = settings.caller();
        return services.budgets()
                .reserve(
                        new Budgets.Spender(caller.tenant(), caller.workflow(), caller.execution(), caller.node()),
                        settings.budgets(),
                        most,
                        services.prices().cost(target.model(), target.model(), most, null, begun),
                        settings.timeout(),
                        begun);
    }

    private ModelAnswer ask(ModelTarget target, ModelRequest plain) {
        ModelRequest asked = inWords(plain);
        ProviderCall call = new ProviderCall(
                settings.label(),
                settings.caller().tenant(),
                target.connection(),
                settings.timeout(),
                settings.idleTimeout(),
                settings.cancel(),
                settings.now(),
                settings.files());
        return heard
                ? target.provider().stream(asked, call, this::streamed)
                : target.provider().call(asked, call);
    }

    /** A model that does not keep to a schema by itself is told of it. */
    private ModelRequest inWords(ModelRequest asked) {
        if (asked.answer() == null || services.catalog().traits(asked.model()).schema()) {
            return asked;
        }
        String instructions = asked.instructions() == null ? "" : asked.instructions() + "\n\n";
        return asked.withInstructions(instructions
                + "Answer with JSON and nothing else. It must fit this JSON Schema:\n"
                + Json.write(asked.answer().schema()));
    }

    private void made(ModelAttempt attempt, @Nullable ModelAnswer answer) {
        made.add(attempt);
        services.tell(listener -> listener.attempted(settings.caller(), attempt, answer));
    }

    private void streamed(ModelDelta delta) {
        services.tell(listener -> listener.streamed(settings.caller(), delta));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw cancelled(e);
        }
    }

    private CancellationException cancelled(@Nullable Throwable cause) {
        CancellationException ended =
                new CancellationException("The call of a model for " + settings.label() + " was cancelled");
        ended.initCause(cause);
        return ended;
    }

    LongWaitException withAll(LongWaitException wait) {
        return new LongWaitException(wait, wait.retryAfter().orElseThrow(), made);
    }

    /** What may be the reason that a provider does not know the last model. */
    private String retired() {
        String model = made.isEmpty() ? "" : made.get(made.size() - 1).model();
        LocalDate gone = services.catalog().traits(model).retired();
        return gone == null ? "" : "; '" + model + "' was retired on " + gone;
    }

    /** The failure of the last model, with what was tried before. */
    EngineException told(EngineException last) {
        JsonObject details = last.details().with("attempts", JsonArray.of(made, ModelAttempt::toJson));
        String message = String.valueOf(last.getMessage())
                + retired()
                + (made.size() > 1 ? " (" + made.size() + " attempts, see details)" : "");
        return last instanceof RetriableException passing
                ? new RetriableException(
                        passing.kind(), message, details, passing.retryAfter().orElse(null), last)
                : new NonRetriableException(kind(last), message, details, last);
    }

    private static String kind(RuntimeException failure) {
        if (failure instanceof RetriableException passing) {
            return passing.kind();
        }
        if (failure instanceof NonRetriableException lasting) {
            return lasting.kind();
        }
        return failure instanceof CancellationException ? ExecutionError.KIND_CANCELLED : ExecutionError.KIND_ERROR;
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
