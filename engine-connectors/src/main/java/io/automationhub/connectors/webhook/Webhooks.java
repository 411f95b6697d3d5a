package io.automationhub.connectors.webhook;

import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.connectors.connection.Digests;
import io.automationhub.connectors.connection.WebhookDelivery;
import io.automationhub.connectors.connection.WebhookSignature;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineOverloadedException;
import io.automationhub.engine.error.IdempotencyConflictException;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts workflows by calls that come in. A host hands each call to {@link #handle} and sends back what that returns. The address
 * of a trigger is {@code /live/WORKFLOW/PATH}, which starts the published workflow, and {@code /test/WORKFLOW/PATH}, which starts
 * its draft while somebody {@linkplain #listen listens}. A call is checked before anything is kept of it; its repetitions start
 * one run. Safe for use by several threads.
 */
public final class Webhooks {

    /** The tag of runs that a draft's address started. */
    public static final String TEST_TAG = "webhook:test";

    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    private static final String RETRY_SECONDS = "5";

    private final WorkflowEngine engine;
    private final ConnectionClient client;
    private final CallerResponse response;
    private final WebhookAddresses addresses;
    private final Supplier<Instant> now;

    /**
     * The webhooks of an engine.
     *
     * @param client whose connections say how calls are signed
     * @param answers which nodes {@code webhook.respond} give
     * @param documents in which it stands who listens for tests
     * @param now the time on the engine's clock
     */
    public Webhooks(
            WorkflowEngine engine,
            ConnectionClient client,
            WebhookAnswers answers,
            DocumentStore documents,
            Supplier<Instant> now) {
        this.engine = engine;
        this.client = client;
        this.now = now;
        response = new CallerResponse(answers);
        addresses = new WebhookAddresses(documents, now);
    }

    /**
     * Lets calls of a workflow's test address start its draft, in all processes, for a while.
     *
     * @param time an hour at most
     * @throws IllegalArgumentException if it is longer, or nothing
     */
    public void listen(String tenant, String workflow, Duration time) {
        addresses.listen(tenant, workflow, time);
    }

    /**
     * Answers a call. Waits as long as the trigger says that the caller does, so it runs on a thread that may.
     *
     * @throws io.automationhub.engine.error.EngineException if the store cannot be reached; the caller should be answered by
     *     status 503, and try again
     */
    public WebhookAnswer handle(WebhookRequest request) {
        try {
            return answered(request);
        } catch (RefusedCallException e) {
            LOG.debug("{} {} was refused: {}", request.method(), request.path(), e.getMessage());
            return e.answer();
        }
    }

    private WebhookAnswer answered(WebhookRequest request) {
        WorkflowEngine own = engine.forTenant(request.tenant());
        List<Target> targets = addresses.find(own, request);
        WebhookDelivery delivery = new WebhookDelivery(request.url(), headers(request), body(request, targets));
        RefusedCallException refused = null;
        for (Target target : targets) {
            try {
                Optional<WebhookAnswer> answer = answered(own, target, request, delivery);
                if (answer.isPresent()) {
                    return answer.get();
                }
            } catch (RefusedCallException e) {
                refused = e;
            }
        }
        if (refused != null) {
            throw refused;
        }
        // It was heard, and nobody waits for what it tells.
        return new WebhookAnswer(204, Map.of(), null);
    }

    /** Empty if the call is right, and for another trigger. */
    private Optional<WebhookAnswer> answered(
            WorkflowEngine own, Target target, WebhookRequest request, WebhookDelivery delivery) {
        Optional<WebhookSignature> signature = signature(request.tenant(), target.trigger());
        WebhookSignature.Verified verified =
                signature.map(check -> verified(check, delivery, request)).orElse(null);
        if (verified != null && verified.reply() != null) {
            return Optional.of(WebhookAnswer.text(200, verified.reply()));
        }
        if (!target.called().takes(delivery)) {
            return Optional.empty();
        }
        String id = id(target.config(), verified, delivery);
        Set<String> credentials =
                signature.map(WebhookSignature::credentialHeaders).orElse(Set.of());
        WebhookInput input = new WebhookInput(target.config(), own);
        StartedRun run = null;
        try {
            JsonObject call = call(input, target, request, delivery, credentials, id);
            run = start(own, target, target.called().input(target.trigger(), call), id);
        } finally {
            if (run == null || !run.isNew()) {
                input.discard();
            }
        }
        return Optional.of(response.of(request.tenant(), target.config(), run));
    }

    private JsonObject call(
            WebhookInput input,
            Target target,
            WebhookRequest request,
            WebhookDelivery delivery,
            Set<String> credentials,
            @Nullable String id) {
        String contentType = delivery.headers().getOrDefault("content-type", "");
        return JsonObject.builder()
                .put("id", id)
                .put("method", request.method())
                .put("path", input.path(target.path()))
                .put("query", input.query(request.url()))
                .put("headers", input.headers(delivery.headers(), credentials))
                .put("body", input.body(contentType, delivery.body()))
                .put("receivedAt", now.get().toString())
                .build();
    }

    // ---------------------------------------------------------------- what

    private static byte[] body(WebhookRequest request, List<Target> targets) {
        long most = targets.stream()
                .mapToLong(target -> target.config().maxBytes())
                .max()
                .orElse(0);
        byte[] body;
        try {
            body = request.body().readNBytes(Math.toIntExact(Math.min(most + 1, Integer.MAX_VALUE - 8)));
        } catch (IOException e) {
            throw new RefusedCallException(400, "bad-request", "The body did not come to its end");
        }
        if (body.length > most) {
            throw new RefusedCallException(
                    413, "too-large", "The body has more than the " + most + " bytes that this webhook takes");
        }
        return body;
    }

    private static Map<String, String> headers(WebhookRequest request) {
        Map<String, String> headers = new TreeMap<>();
        request.headers()
                .forEach((name, values) -> headers.merge(
                        name.toLowerCase(Locale.ROOT), String.join(", ", values), (one, other) -> one + ", " + other));
        return headers;
    }

    private Optional<WebhookSignature> signature(String tenant, WorkflowNode trigger) {
        Optional<Connection> connection;
        try {
            connection = client.connections().named(tenant, trigger.connection());
        } catch (NonRetriableException e) {
            throw misconfigured(e.getMessage());
        }
        if (connection.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(connection
                .get()
                .webhook()
                .orElseThrow(() -> misconfigured("The connection '"
                        + connection.get().id() + "' has no 'webhook', which says how calls are signed")));
    }

    /** What is wrong here is not for the caller to know. */
    private static RefusedCallException misconfigured(@Nullable String message) {
        LOG.warn("A webhook cannot be called: {}", message);
        return new RefusedCallException(500, "misconfigured", "This webhook cannot be called at the moment");
    }

    private WebhookSignature.Verified verified(
            WebhookSignature check, WebhookDelivery delivery, WebhookRequest request) {
        try {
            return check.verify(delivery, new WebhookSignature.Context(now.get(), client.revealer(request.tenant())));
        } catch (WebhookSignature.RefusedException e) {
            LOG.warn(
                    "A call of the webhook {} of the tenant '{}' was refused: {}",
                    request.path(),
                    request.tenant(),
                    e.getMessage());
            throw new RefusedCallException(401, "signature", "The signature of the call is not accepted");
        } catch (NonRetriableException e) {
            throw misconfigured(e.getMessage());
        }
    }

    /** What repetitions of the call have in common; null if it cannot be told. */
    private static @Nullable String id(
            WebhookConfig config, WebhookSignature.@Nullable Verified verified, WebhookDelivery delivery) {
        String given = null;
        if (!config.idHeader().isEmpty()) {
            given = delivery.headers().get(config.idHeader());
        } else if (!config.idPointer().isEmpty()) {
            given = delivery.inBody(config.idPointer());
        }
        return given == null && verified != null ? verified.id() : given;
    }

    // ---------------------------------------------------------------- the run

    private static StartedRun start(WorkflowEngine own, Target target, JsonObject input, @Nullable String id) {
        ExecutionRequest request = ExecutionRequest.of(target.workflow())
                .input(input)
                .trigger(target.trigger().id());
        if (id != null) {
            request = request.key(key(target, id));
        }
        try {
            return new StartedRun(
                    own,
                    own.start(target.test() ? request.tag(TEST_TAG) : request).id(),
                    true);
        } catch (IdempotencyConflictException e) {
            // The same call once more: what is different is when it came, or how it was sent.
            return new StartedRun(own, e.executionId(), false);
        } catch (InvalidWorkflowException e) {
            throw new RefusedCallException(
                    WebhookAnswer.json(
                            400,
                            JsonObject.of("error", "bad-request")
                                    .with(
                                            "problems",
                                            e.problems().stream()
                                                    .filter(Problem::isError)
                                                    .map(Problem::toJson)
                                                    .toList())),
                    String.valueOf(e.getMessage()));
        } catch (EngineOverloadedException e) {
            String message = "There are too many runs at the moment; try again";
            throw new RefusedCallException(
                    WebhookAnswer.problem(503, "overloaded", message).with("retry-after", RETRY_SECONDS), message);
        }
    }

    private static String key(Target target, String id) {
        String all = target.workflow().id() + "\n" + target.trigger().id() + "\n" + target.test() + "\n" + id;
        return "webhook:" + Digests.sha256(all);
    }
}
