package io.automationhub.ai.call;

import io.automationhub.ai.budget.Budgets;
import io.automationhub.ai.catalog.Cost;
import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.catalog.PriceTable;
import io.automationhub.ai.guard.GuardedCall;
import io.automationhub.ai.guard.GuardrailSet;
import io.automationhub.ai.message.Message;
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
import io.automationhub.engine.value.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls models: each of a chain in turn, and each again when that may help, until one answers. Safe for use by several threads.
 */
public final class ModelCaller {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCaller.class);

    /** Failures that lie in the request or the workflow, so that no other model is asked. */
    private static final Set<String> NO_FALLBACK = Set.of(ExecutionError.KIND_CONFIG);

    /** What an answer is taken to have at most if nobody bounds it. */
    private static final long USUAL_OUTPUT = 4096;

    /** How many times a model is asked to say otherwise what a guardrail does not let pass. */
    private static final int MOST_AGAIN = 2;

    private final ModelCatalog catalog;
    private final PriceTable prices;
    private final Budgets budgets;
    private final GuardrailSet guardrails;
    private final AnswerCache cache;
    private final RetryDelays delays;
    private final List<ModelListener> listeners;

    /** @param listeners hear of each attempt */
    public ModelCaller(
            ModelCatalog catalog,
            PriceTable prices,
            Budgets budgets,
            GuardrailSet guardrails,
            AnswerCache cache,
            RetryDelays delays,
            List<ModelListener> listeners) {
        this.guardrails = guardrails;
        this.cache = cache;
        this.budgets = budgets;
        this.catalog = catalog;
        this.prices = prices;
        this.delays = delays;
        this.listeners = List.copyOf(listeners);
    }

    /**
     * How requests are made again that failed and may succeed: after a random part of a delay that doubles.
     *
     * @param attempts the most for one model
     * @param first the delay after the first failure
     * @param longest the longest delay
     */
    public record RetryDelays(int attempts, Duration first, Duration longest) {

        /** As the providers' own clients do it: two more attempts, after up to half a second and a second. */
        public static final RetryDelays STANDARD = new RetryDelays(3, Duration.ofMillis(500), Duration.ofSeconds(8));

        private Duration after(int failures) {
            long most = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures - 1, 20));
            return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most + 1));
        }
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
        GuardrailSet all = guardrails.plus(settings.guardrails());
        GuardedCall guards = new GuardedCall(settings.label(), all.input(), all.output());
        ModelRequest asked = guards.input(request);
        List<ModelAttempt> before = List.of();
        for (int again = 0; ; again++) {
            boolean heard = settings.stream() && !guards.looksAtAnswers();
            ModelResult result = answered(asked, chain, settings, heard).after(before);
            GuardedCall.Passed passed = passed(guards, result, again < MOST_AGAIN);
            if (passed.retry().isEmpty()) {
                if (settings.stream() && !heard) {
                    String text = passed.message().text();
                    tell(listener -> listener.streamed(settings.caller(), new ModelDelta.Text(text)));
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
                    .with(
                            "attempts",
                            result.attempts().stream().map(ModelAttempt::toJson).toList());
            throw new NonRetriableException(e.kind(), String.valueOf(e.getMessage()), details, e);
        }
    }

    private ModelResult answered(ModelRequest request, List<ModelTarget> chain, CallSettings settings, boolean heard) {
        Attempts attempts = new Attempts(request, settings, heard);
        EngineException last = null;
        LongWaitException wait = null;
        for (ModelTarget target : chain) {
            try {
                ModelAnswer answer = attempts.answer(target);
                return ModelResult.of(answer, attempts.made);
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
        throw wait != null && last instanceof RetriableException ? attempts.withAll(wait) : attempts.told(last);
    }

    private static boolean shorter(LongWaitException one, LongWaitException other) {
        return one.retryAfter().orElseThrow().compareTo(other.retryAfter().orElseThrow()) < 0;
    }

    /** The attempts of one call. */
    private final class Attempts {

        private final ModelRequest request;
        private final CallSettings settings;
        private final boolean heard;
        private final List<ModelAttempt> made = new ArrayList<>();

        Attempts(ModelRequest request, CallSettings settings, boolean heard) {
            this.request = request;
            this.settings = settings;
            this.heard = heard;
        }

        ModelAnswer answer(ModelTarget target) {
            if (settings.cache()) {
                Optional<ModelAnswer> before =
                        cache.find(settings.caller().tenant(), target, request.withModel(target.model()));
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
                    if (number >= delays.attempts()) {
                        throw e;
                    }
                    pause(longer(asked, delays.after(number)));
                }
            }
        }

        private void awaitPlace(ModelTarget target) {
            Duration wait =
                    Duration.between(settings.now().get(), settings.places().next(target));
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
            made(new ModelAttempt(
                    target.name(), target.model(), true, Duration.ZERO, null, null, Usage.NONE, Cost.free("cached")));
            return answer.withUsage(Usage.NONE);
        }

        /** What it may use is reserved, and what it used is settled, however it ends. */
        private ModelAnswer attempt(ModelTarget target) {
            Instant begun = settings.now().get();
            long start = System.nanoTime();
            Budgets.Reservation reserved = reserve(target, begun);
            Usage used = Usage.NONE;
            Cost cost = Cost.free("nothing was used");
            try {
                ModelAnswer answer = ask(target);
                used = answer.usage();
                cost = prices.cost(answer.model(), target.model(), used, answer.tier(), begun);
                made(new ModelAttempt(target.name(), target.model(), false, since(start), null, null, used, cost));
                if (settings.cache()) {
                    cache.keep(settings.caller().tenant(), target, request.withModel(target.model()), answer);
                }
                return answer;
            } catch (RetriableException | NonRetriableException e) {
                // A stream that broke has used something.
                used = e.details().get("usage") instanceof JsonObject told ? Usage.of(told) : Usage.NONE;
                cost = prices.cost(target.model(), target.model(), used, null, begun);
                String kind = kind(e);
                made(new ModelAttempt(
                        target.name(), target.model(), false, since(start), kind, e.getMessage(), used, cost));
                throw e;
            } finally {
                budgets.settle(
                        reserved, used, cost, since(start), settings.now().get());
            }
        }

        private Budgets.Reservation reserve(ModelTarget target, Instant begun) {
            long output = request.maxTokens() == null ? USUAL_OUTPUT : request.maxTokens();
            Usage most = TokenEstimate.of(request).plus(new Usage(0, 0, Map.of(), output, 0, true));
            ModelListener.Caller caller = settings.caller();
            return budgets.reserve(
                    new Budgets.Spender(caller.tenant(), caller.workflow(), caller.execution(), caller.node()),
                    settings.budgets(),
                    most,
                    prices.cost(target.model(), target.model(), most, null, begun),
                    settings.timeout(),
                    begun);
        }

        private ModelAnswer ask(ModelTarget target) {
            ModelRequest asked = inWords(request.withModel(target.model()));
            ProviderCall call = new ProviderCall(
                    settings.label(),
                    settings.caller().tenant(),
                    target.connection(),
                    settings.timeout(),
                    settings.cancel(),
                    settings.now(),
                    settings.files());
            return heard
                    ? target.provider().stream(asked, call, this::streamed)
                    : target.provider().call(asked, call);
        }

        /** A model that does not keep to a schema by itself is told of it. */
        private ModelRequest inWords(ModelRequest asked) {
            if (asked.answer() == null || catalog.traits(asked.model()).schema()) {
                return asked;
            }
            String instructions = asked.instructions() == null ? "" : asked.instructions() + "\n\n";
            return asked.withInstructions(instructions
                    + "Answer with JSON and nothing else. It must fit this JSON Schema:\n"
                    + Json.write(asked.answer().schema()));
        }

        private void made(ModelAttempt attempt) {
            made.add(attempt);
            tell(listener -> listener.attempted(settings.caller(), attempt));
        }

        private void streamed(ModelDelta delta) {
            tell(listener -> listener.streamed(settings.caller(), delta));
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

        private LongWaitException withAll(LongWaitException wait) {
            return new LongWaitException(wait, wait.retryAfter().orElseThrow(), made);
        }

        /** What may be the reason that a provider does not know the last model. */
        private String retired() {
            String model = made.isEmpty() ? "" : made.get(made.size() - 1).model();
            LocalDate gone = catalog.traits(model).retired();
            return gone == null ? "" : "; '" + model + "' was retired on " + gone;
        }

        /** The failure of the last model, with what was tried before. */
        private EngineException told(EngineException last) {
            JsonObject details = last.details()
                    .with("attempts", made.stream().map(ModelAttempt::toJson).toList());
            String message = String.valueOf(last.getMessage())
                    + retired()
                    + (made.size() > 1 ? " (" + made.size() + " attempts, see details)" : "");
            return last instanceof RetriableException passing
                    ? new RetriableException(
                            passing.kind(),
                            message,
                            details,
                            passing.retryAfter().orElse(null),
                            last)
                    : new NonRetriableException(kind(last), message, details, last);
        }
    }

    private static String kind(EngineException failure) {
        return failure instanceof RetriableException passing
                ? passing.kind()
                : ((NonRetriableException) failure).kind();
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private void tell(Consumer<ModelListener> event) {
        for (ModelListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener of calls of models failed", e);
            }
        }
    }
}
