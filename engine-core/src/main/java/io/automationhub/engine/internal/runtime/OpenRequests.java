package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.event.Wake;
import io.automationhub.engine.store.OpenWait;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is asked of people by runs that wait for their answers. Safe for use by several threads. */
public final class OpenRequests {

    private final Map<Key, Request> open = new ConcurrentHashMap<>();

    private record Key(String execution, String name) {}

    /**
     * One request.
     *
     * @param iteration the pass through the groups around the node; empty if there are none
     * @param token with which it is answered
     */
    public record Request(
            String tenant,
            String execution,
            String workflow,
            String node,
            String iteration,
            JsonObject asked,
            String token,
            Instant since) {}

    void register(Execution execution, Waits.Waiter waiter, Wake.Completion completion, JsonObject asked) {
        String node = waiter.scope().id(waiter.slot());
        String path = waiter.scope().path();
        String token = execution
                .runtime()
                .approvalTokens()
                .token(execution.tenant(), new ApprovalTokens.Subject(execution.id(), node, path, completion.name()));
        Instant since = Facts.instant(execution.turnMicros());
        open.put(
                new Key(execution.id(), completion.name()),
                new Request(
                        execution.tenant(), execution.id(), execution.workflowId(), node, path, asked, token, since));
    }

    /** A request of a run that a durable store keeps. */
    static Request stored(ApprovalTokens tokens, String tenant, OpenWait.Request request) {
        OpenWait wait = request.open();
        return new Request(
                tenant,
                request.execution(),
                request.workflow(),
                wait.node(),
                wait.iteration(),
                wait.asked() == null ? JsonObject.EMPTY : wait.asked(),
                tokens.token(
                        tenant,
                        new ApprovalTokens.Subject(request.execution(), wait.node(), wait.iteration(), wait.name())),
                wait.since());
    }

    void withdraw(Execution execution, Wake.Completion completion) {
        open.remove(new Key(execution.id(), completion.name()));
    }

    /** The requests of a tenant, the oldest first. */
    public List<Request> of(String tenant) {
        return open.values().stream()
                .filter(request -> request.tenant().equals(tenant))
                .sorted(Comparator.comparing(Request::since)
                        .thenComparing(Request::execution)
                        .thenComparing(Request::node)
                        .thenComparing(Request::iteration))
                .toList();
    }
}
