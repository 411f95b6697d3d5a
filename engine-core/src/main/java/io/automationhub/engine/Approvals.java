package io.automationhub.engine;

import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.internal.runtime.EngineRuntime;
import io.automationhub.engine.internal.runtime.OpenRequests;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The decisions that runs of one tenant wait for. Who may see or decide one is for the host application to say; whoever has
 * the token of an approval can decide it. Safe for use by several threads.
 */
public final class Approvals {

    private final EngineRuntime runtime;
    private final String tenant;

    Approvals(EngineRuntime runtime, String tenant) {
        this.runtime = runtime;
        this.tenant = tenant;
    }

    /**
     * An approval that waits for somebody.
     *
     * @param iteration the pass through the groups around the node; empty if there are none
     * @param assignees who is asked; empty if the workflow does not say
     * @param form a JSON Schema that the data of an approval must match; null for anything
     * @param token with which it is decided; to be given only to who may
     * @param since when it began to wait
     */
    public record OpenApproval(
            String execution,
            String workflow,
            String node,
            String iteration,
            String title,
            @Nullable String description,
            List<String> assignees,
            @Nullable JsonObject form,
            String token,
            Instant since) {}

    /**
     * What somebody decides.
     *
     * @param by who; null if it is not to be kept
     * @param comment null for none
     * @param data what is asked for in the form: anything with a JSON form
     */
    public record Decision(
            boolean approved,
            @Nullable String by,
            @Nullable String comment,
            @Nullable Object data) {

        /** Yes. */
        public static Decision approve(@Nullable String by) {
            return new Decision(true, by, null, null);
        }

        /** No. */
        public static Decision reject(@Nullable String by) {
            return new Decision(false, by, null, null);
        }

        /** With a comment. */
        public Decision comment(String text) {
            return new Decision(approved, by, text, data);
        }

        /** With data for the form. */
        public Decision data(@Nullable Object value) {
            return new Decision(approved, by, comment, value);
        }
    }

    /** What waits for a decision, the oldest first. */
    public List<OpenApproval> open() {
        return runtime.requests(tenant).stream().map(Approvals::approval).toList();
    }

    /** What waits for a decision by somebody. */
    public List<OpenApproval> open(String assignee) {
        return open().stream()
                .filter(approval -> approval.assignees().contains(assignee))
                .toList();
    }

    private static OpenApproval approval(OpenRequests.Request request) {
        JsonObject asked = request.asked();
        List<String> assignees = asked.get("assignees") instanceof JsonArray list
                ? list.stream().map(Json::toText).toList()
                : List.of();
        return new OpenApproval(
                request.execution(),
                request.workflow(),
                request.node(),
                request.iteration(),
                Optional.ofNullable(asked.get("title")).map(Json::toText).orElse(request.node()),
                asked.get("description") == null ? null : Json.toText(asked.get("description")),
                assignees,
                asked.get("form") instanceof JsonObject form ? form : null,
                request.token(),
                request.since());
    }

    /**
     * Decides. The first decision counts. One that comes before the run has come to the approval is kept for it.
     *
     * @param token what an expression reads as {@code approvals.id.token}, or {@link OpenApproval#token}
     * @return what became of it
     * @throws io.automationhub.engine.workflow.InvalidWorkflowException if it approves, and its data do not match the form;
     *     nothing is decided then
     * @throws io.automationhub.engine.error.EngineException if the run does not answer in time; the decision may still count
     */
    public DecisionReceipt decide(String token, Decision decision) {
        return runtime.decide(
                tenant,
                token,
                JsonObject.builder()
                        .put("approved", decision.approved())
                        .put("by", decision.by())
                        .put("comment", decision.comment())
                        .put("data", decision.data())
                        .build());
    }
}
