package io.automationhub.engine.internal.runtime;

import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.store.Page;
import io.automationhub.engine.validation.JsonSchema;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowNode;
import java.util.List;
import java.util.Optional;

/** Brings the decisions of people to the runs that wait for them, or says why they come in vain. */
final class Decisions {

    private static final int PAGE = 1000;

    private final EngineRuntime runtime;

    Decisions(EngineRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Decides.
     *
     * @param decision what the node gets; its {@code data} must match the node's form
     * @throws InvalidWorkflowException if it does not; nothing is decided then
     * @throws EngineException if the run does not answer in time; the decision may still count
     */
    DecisionReceipt decide(String tenant, String token, JsonObject decision) {
        Optional<ApprovalTokens.Subject> checked = runtime.approvalTokens().check(tenant, token);
        if (checked.isEmpty()) {
            return DecisionReceipt.INVALID_TOKEN;
        }
        ApprovalTokens.Subject subject = checked.get();
        Optional<RunHandle> run = runtime.handle(tenant, subject.execution());
        if (run.isEmpty()) {
            return afterwards(tenant, subject);
        }
        checkForm(run.get().workflow(), subject, decision);
        return run.get()
                .decide(subject, decision)
                .orElseThrow(() -> new EngineException("The execution '" + subject.execution()
                        + "' did not answer the decision of '" + subject.node()
                        + "' in time; it may still count, so decide again"));
    }

    private static void checkForm(Workflow workflow, ApprovalTokens.Subject subject, JsonObject decision) {
        Object form = workflow.node(subject.node())
                .map(WorkflowNode::config)
                .map(config -> config.get("form"))
                .orElse(null);
        if (!(form instanceof JsonObject schema) || !Boolean.TRUE.equals(decision.get("approved"))) {
            return;
        }
        List<Problem> problems = JsonSchema.compile(schema).validate(decision.get("data")).stream()
                .map(violation -> Problem.of(
                        ProblemCode.INVALID_INPUT,
                        violation.pointer(),
                        subject.node(),
                        "The data do not match the form: " + violation.message(),
                        null))
                .toList();
        if (!problems.isEmpty()) {
            throw new InvalidWorkflowException("Cannot decide '" + subject.node() + "'", problems);
        }
    }

    /** The run has ended: its history says whether it was decided. */
    private DecisionReceipt afterwards(String tenant, ApprovalTokens.Subject subject) {
        String cursor = null;
        do {
            Page<NodeExecution> page = runtime.store().nodes(tenant, subject.execution(), cursor, PAGE);
            for (NodeExecution node : page.items()) {
                if (!subject.isOneOfSeveral()
                        && node.node().equals(subject.node())
                        && node.iteration().equals(subject.iteration())) {
                    return node.handles().contains("timeout")
                            ? DecisionReceipt.EXPIRED
                            : node.handles().isEmpty() ? DecisionReceipt.ENDED : DecisionReceipt.ALREADY_DECIDED;
                }
            }
            cursor = page.next();
        } while (cursor != null);
        return DecisionReceipt.ENDED;
    }
}
