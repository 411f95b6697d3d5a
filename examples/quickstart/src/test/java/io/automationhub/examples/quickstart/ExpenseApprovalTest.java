package io.automationhub.examples.quickstart;

import static io.automationhub.engine.testkit.RunAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.Approvals.Decision;
import io.automationhub.engine.event.DecisionReceipt;
import io.automationhub.engine.testkit.ScriptedNode;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestEngineExtension;
import io.automationhub.engine.testkit.TestRun;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How a workflow is tested that waits for people: days pass in no time, and a decision is one line. */
class ExpenseApprovalTest {

    private static final Workflow WORKFLOW = ExpenseApproval.workflow(Duration.ofDays(2));
    private static final Map<String, Object> CLAIM = Map.of("who", "Ada", "amount", 120);

    private final ScriptedNode mail = ScriptedNode.returns(null);

    @RegisterExtension
    final TestEngineExtension engines =
            TestEngineExtension.of(TestEngine.builder().node("mail.send", mail)::build);

    @Test
    void theTeamDecides(TestEngine engine) {
        TestRun run = engine.start(WORKFLOW, CLAIM);
        assertThat(run).waitsFor("asked are 'team'");
        assertThat(run.approve("team")).succeeded().hasOutput("paid").didNotRun("boss");
    }

    @Test
    void theTokenInTheMailDecides(TestEngine engine) {
        TestRun run = engine.start(WORKFLOW, CLAIM);
        String text = String.valueOf(mail.calls().get(0).config().get("text"));
        String token = text.substring("Decide with ".length());
        assertThat(engine.engine().approvals().decide(token, Decision.reject("Bob")))
                .isEqualTo(DecisionReceipt.ACCEPTED);
        assertThat(run.untilEnd()).succeeded().hasOutput("refused");
    }

    @Test
    void whenTheTeamIsSilentTheBossIsAsked(TestEngine engine) {
        TestRun run = engine.start(WORKFLOW, CLAIM).advance(Duration.ofDays(2));
        assertThat(run).waitsFor("asked are 'boss'");
        assertThat(run.approve("boss")).succeeded().hasOutput("paid");
    }

    @Test
    void whenNobodyAnswersItIsRefusedAlsoAfterACrash(TestEngine engine) {
        TestRun run = engine.start(WORKFLOW, CLAIM);
        engine.crash().advance(Duration.ofDays(3)).crash();
        assertThat(run.untilEnd()).succeeded().hasOutput("refused");
    }
}
