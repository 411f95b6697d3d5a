package io.automationhub.connectors.webhook;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.DocumentStore.Document;
import io.automationhub.engine.store.DocumentStore.VersionMismatchException;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Which trigger an address belongs to. Safe for use by several threads. */
final class WebhookAddresses {

    private static final String LISTENING = "webhook-tests";
    private static final Duration LONGEST_TEST = Duration.ofHours(1);
    private static final int LONGEST_PATH = 4000;

    private final DocumentStore documents;
    private final Supplier<Instant> now;

    /** @param documents in which it stands who listens for tests */
    WebhookAddresses(DocumentStore documents, Supplier<Instant> now) {
        this.documents = documents;
        this.now = now;
    }

    /** Opens the test address of a workflow, in all processes, for a while. */
    void listen(String tenant, String workflow, Duration time) {
        if (time.isNegative() || time.isZero() || time.compareTo(LONGEST_TEST) > 0) {
            throw new IllegalArgumentException(
                    "A test address is open for up to " + LONGEST_TEST.toMinutes() + " minutes, found " + time);
        }
        JsonObject until = JsonObject.of("until", now.get().plus(time).toEpochMilli());
        long version = documents
                .find(LISTENING, tenant, workflow)
                .map(Document::version)
                .orElse(DocumentStore.ABSENT);
        try {
            Document unused = documents.put(LISTENING, tenant, workflow, version, until, Map.of());
        } catch (VersionMismatchException e) {
            // Somebody else opens it at the same time.
            listen(tenant, workflow, time);
        }
    }

    private boolean isListening(String tenant, String workflow) {
        return documents
                .find(LISTENING, tenant, workflow)
                .filter(found -> found.body().get("until") instanceof Long until
                        && now.get().toEpochMilli() <= until)
                .isPresent();
    }

    /**
     * The triggers that a call may be for; the path of each says as much of it.
     *
     * @throws RefusedCallException if there is none, or it is called otherwise
     */
    List<Target> find(WorkflowEngine own, WebhookRequest request) {
        String[] parts = request.path().replaceFirst("^/", "").split("/", 3);
        if (parts.length < 2) {
            throw unknown();
        }
        String id = PathTemplate.decoded(parts[1]);
        boolean test = parts[0].equals("test");
        boolean known = test || parts[0].equals("live");
        if (!known || !isKey(id) || request.path().length() > LONGEST_PATH) {
            throw unknown();
        }
        Optional<Workflow> workflow = test
                ? own.workflows().draft(id).filter(draft -> isListening(request.tenant(), id))
                : own.workflows().active(id).map(version -> version.workflow());
        return triggers(
                own,
                workflow.orElseThrow(WebhookAddresses::unknown),
                test,
                parts.length < 3 ? "" : parts[2],
                request.method());
    }

    /** What no store keeps is the id of nothing. */
    private static boolean isKey(String id) {
        try {
            DocumentStore.check("workflow's id", id);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static RefusedCallException unknown() {
        return new RefusedCallException(404, "not-found", "There is no webhook at this address");
    }

    private static List<Target> triggers(
            WorkflowEngine own, Workflow workflow, boolean test, String path, String method) {
        List<Target> fitting = new ArrayList<>();
        for (WorkflowNode node : workflow.nodes()) {
            if (!node.isDisabled() && own.nodeTypes().find(node.type()).orElse(null) instanceof CalledTrigger called) {
                fitting(workflow, test, node, called, path).ifPresent(fitting::add);
            }
        }
        if (fitting.isEmpty()) {
            throw unknown();
        }
        List<Target> allowed = fitting.stream()
                .filter(target -> target.config().methods().contains(method.toUpperCase(Locale.ROOT)))
                .toList();
        if (allowed.isEmpty()) {
            throw wrongMethod(fitting);
        }
        long most =
                allowed.stream().mapToLong(WebhookAddresses::fixedParts).max().orElse(0);
        return allowed.stream().filter(target -> fixedParts(target) == most).toList();
    }

    private static long fixedParts(Target target) {
        return target.config().template().fixedParts();
    }

    private static Optional<Target> fitting(
            Workflow workflow, boolean test, WorkflowNode node, CalledTrigger called, String path) {
        WebhookConfig config;
        PathTemplate template;
        try {
            config = called.webhook(node);
            template = config.template();
        } catch (IllegalArgumentException e) {
            // A draft may have a trigger that is none yet.
            return Optional.empty();
        }
        return template.match(path).map(values -> new Target(workflow, test, node, called, config, values));
    }

    private static RefusedCallException wrongMethod(List<Target> targets) {
        String allowed = targets.stream()
                .flatMap(target -> target.config().methods().stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        String message = "This webhook is called by " + allowed;
        return new RefusedCallException(
                WebhookAnswer.problem(405, "method-not-allowed", message).with("allow", allowed), message);
    }
}
