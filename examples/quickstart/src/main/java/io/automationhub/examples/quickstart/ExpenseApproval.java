package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.approval;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.Approvals.Decision;
import io.automationhub.engine.Approvals.OpenApproval;
import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.Join;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Somebody decides about an expense; if nobody does in time, it is the boss's turn. */
public final class ExpenseApproval {

    private ExpenseApproval() {}

    /** The workflow. A mail of the host's carries the token with which the team decides. */
    public static Workflow workflow(Duration patience) {
        return Workflow.builder("expense")
                .start(manualTrigger("claim"))
                .then(node("mail", "mail.send").with("text", "Decide with {{approvals.team.token}}"))
                .then(approval("team", "{{input.who}} spent {{input.amount}}")
                        .with("assignees", List.of("team"))
                        .with("expires", patience.toString()))
                .when(
                        "timeout",
                        approval("boss", "The team did not answer: {{input.who}} spent {{input.amount}}")
                                .with("assignees", List.of("boss"))
                                .with("expires", patience.multipliedBy(2).toString()))
                .add(format("paid", "paid").join(Join.ANY))
                .add(format("refused", "refused").join(Join.ANY))
                .edge("team", "approved", "paid")
                .edge("team", "rejected", "refused")
                .edge("boss", "approved", "paid")
                .edge("boss", "rejected", "refused")
                .edge("boss", "timeout", "refused")
                .output("{{nodes.paid.output ?? nodes.refused.output}}")
                .build();
    }

    /** Runs the example. */
    public static void main(String[] args) {
        try (WorkflowEngine engine =
                WorkflowEngine.builder().node("mail.send", call -> null).build()) {
            ExecutionHandle run = engine.start(workflow(Duration.ofDays(2)), Map.of("who", "Ada", "amount", 120));
            run.snapshot();
            while (engine.approvals().open("team").isEmpty()) {
                Thread.onSpinWait();
            }
            OpenApproval open = engine.approvals().open("team").get(0);
            System.out.println(open.title());
            System.out.println(engine.approvals().decide(open.token(), Decision.approve("Bob")));
            System.out.println(run.await().output());
            System.out.println(engine.approvals().decide(open.token(), Decision.reject("Eve")));
        }
    }
}
