package io.automationhub.engine.internal.runtime;

import static io.automationhub.engine.event.DecisionReceipt.ACCEPTED;
import static io.automationhub.engine.event.DecisionReceipt.ALREADY_DECIDED;
import static io.automationhub.engine.event.DecisionReceipt.ENDED;
import static io.automationhub.engine.event.DecisionReceipt.EXPIRED;
import static io.automationhub.engine.event.DecisionReceipt.INVALID_TOKEN;
import static io.automationhub.engine.event.DecisionReceipt.KEPT;
import static io.automationhub.engine.event.ExecutionStatus.CANCELLED;
import static io.automationhub.engine.event.ExecutionStatus.PAUSED;
import static io.automationhub.engine.event.ExecutionStatus.SUCCEEDED;
import static io.automationhub.engine.nodes.Nodes.approval;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.internal.runtime.Scenario.Mode;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The rows of the table in docs/semantics.md that are about approvals, each plain and with a crash after every step. */
class ApprovalSemanticsTest {

    private static final JsonObject YES = decision(true, null);
    private static final JsonObject NO = decision(false, null);

    private static JsonObject decision(boolean approved, Object data) {
        return JsonObject.builder()
                .put("approved", approved)
                .put("by", "ann")
                .put("data", data)
                .build();
    }

    private static final Workflow REFUND = Workflow.builder("refund")
            .start(manualTrigger("start"))
            .then(node("mail", "work").with("link", "https://example.org/decide?token={{approvals.review.token}}"))
            .then(approval("review", "Refund {{input.amount}}?")
                    .with("assignees", List.of("finance", "{{input.boss}}"))
                    .with("expires", "2d")
                    .with(
                            "form",
                            Map.of(
                                    "type", "object",
                                    "required", List.of("reason"),
                                    "properties", Map.of("reason", Map.of("type", "string")))))
            .when("approved", format("yes", "{{nodes.review.output.by}}: {{nodes.review.output.data.reason}}"))
            .when("rejected", format("no", "rejected by {{previous.by}}"))
            .when("timeout", format("late", "nobody decided"))
            .then(node("last", "work").with("text", "{{previous}}"))
            .build();

    private static Scenario waiting(Mode mode) {
        return new Scenario(mode, REFUND)
                .start(Map.of("amount", 30, "boss", "bob"))
                .completes("mail")
                .expect("review", NodeStatus.WAITING);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("an approval is listed while it is open, with what is asked, and decided by its token")
    void approved(Mode mode) {
        try (Scenario run = waiting(mode)) {
            assertThat(run.requests()).singleElement().satisfies(request -> {
                assertThat(request.node()).isEqualTo("review");
                assertThat(request.asked().get("title")).isEqualTo("Refund 30?");
                assertThat(request.asked().get("assignees")).isEqualTo(List.of("finance", "bob"));
                assertThat(request.token()).isEqualTo(run.token("review", ""));
            });
            assertThat(run.configs.get(0)).contains(run.token("review", ""));
            assertThat(run.decide(run.token("review", ""), decision(true, Map.of("reason", "broken"))))
                    .isEqualTo(ACCEPTED);
            assertThat(run.requests()).isEmpty();
            run.completes("last").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"text\":\"ann: broken\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a rejection needs no data, and is a way of its own")
    void rejected(Mode mode) {
        try (Scenario run = waiting(mode)) {
            assertThat(run.decide(run.token("review", ""), NO)).isEqualTo(ACCEPTED);
            run.completes("last").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"text\":\"rejected by ann\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("34 approval decided twice / late / early: ALREADY_DECIDED / EXPIRED / kept")
    void row34(Mode mode) {
        try (Scenario run = waiting(mode)) {
            String token = run.token("review", "");
            run.decide(token, NO);
            assertThat(run.decide(token, NO)).as("twice").isEqualTo(ALREADY_DECIDED);
            run.completes("last").expect(SUCCEEDED);
            assertThat(run.decide(token, NO)).as("after the run").isEqualTo(ALREADY_DECIDED);
        }
        try (Scenario run = waiting(mode)) {
            String token = run.token("review", "");
            run.advance(Duration.ofDays(2));
            assertThat(run.decide(token, NO)).as("late").isEqualTo(EXPIRED);
            run.completes("last").expect(SUCCEEDED);
            assertThat(run.decide(token, NO)).as("after the run").isEqualTo(EXPIRED);
            assertThat(run.configs).contains("{\"text\":\"nobody decided\"}");
        }
        try (Scenario run = new Scenario(mode, REFUND).start(Map.of("amount", 30, "boss", "bob"))) {
            String token = run.token("review", "");
            assertThat(run.decide(token, NO)).as("early").isEqualTo(KEPT);
            assertThat(run.decide(token, NO)).as("early, twice").isEqualTo(ALREADY_DECIDED);
            run.completes("mail").completes("last").expect(SUCCEEDED);
            assertThat(run.configs).contains("{\"text\":\"rejected by ann\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("each iteration has an approval of its own")
    void inGroups(Mode mode) {
        Workflow workflow = Workflow.builder("each")
                .start(manualTrigger("start"))
                .group(
                        node("each", "forEach").with("items", "[1, 2, 3]").with("parallel", 2),
                        body -> body.then(approval("ok", "{{item}}?").with("expires", "1h"))
                                .when("approved", format("yes", "yes"))
                                .when("rejected", format("no", "no"))
                                .when("timeout", format("late", "late")))
                .then(node("last", "work").with("all", "{{previous}}"))
                .build();
        try (Scenario run = new Scenario(mode, workflow).start()) {
            assertThat(run.requests()).hasSize(2);
            assertThat(run.decide(run.token("ok", "2"), YES)).isEqualTo(KEPT);
            assertThat(run.decide(run.token("ok", "1"), NO)).isEqualTo(ACCEPTED);
            assertThat(run.decide(run.token("ok", "1"), NO)).isEqualTo(ALREADY_DECIDED);
            run.advance(Duration.ofHours(1));
            assertThat(run.decide(run.token("ok", "0"), NO)).isEqualTo(EXPIRED);
            run.completes("last").expect(SUCCEEDED);
            assertThat(run.configs.get(run.configs.size() - 1))
                    .isEqualTo("{\"all\":[{\"late\":\"late\"},{\"no\":\"no\"},{\"yes\":\"yes\"}]}");
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("data that do not match the form decide nothing, and the answer says why")
    void form(Mode mode) {
        try (Scenario run = waiting(mode)) {
            String token = run.token("review", "");
            assertThatThrownBy(() -> run.decide(token, decision(true, Map.of("reason", 5))))
                    .isInstanceOf(InvalidWorkflowException.class)
                    .hasMessageContaining("/reason");
            assertThatThrownBy(() -> run.decide(token, YES)).isInstanceOf(InvalidWorkflowException.class);
            assertThat(run.requests()).hasSize(1);
            assertThat(run.decide(token, decision(true, Map.of("reason", "x")))).isEqualTo(ACCEPTED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("forged tokens, those of other tenants and of cancelled runs decide nothing")
    void forged(Mode mode) {
        try (Scenario run = waiting(mode)) {
            String token = run.token("review", "");
            String other = run.token("last", "");
            String subject = other.substring(0, other.lastIndexOf('.'));
            String mac = token.substring(token.lastIndexOf('.'));
            for (String forged : List.of(
                    "",
                    "x",
                    token.substring(1),
                    token + "A",
                    subject + mac,
                    token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A"),
                    "approval." + "A".repeat(100_000) + "." + "A".repeat(43))) {
                assertThat(run.decide(forged, NO)).as(forged).isEqualTo(INVALID_TOKEN);
            }
            String foreign = new ApprovalTokens(new byte[ApprovalTokens.MIN_SECRET_BYTES])
                    .token("acme", ApprovalTokens.Subject.of(run.record().id(), "review", ""));
            assertThat(run.decide(foreign, NO)).isEqualTo(INVALID_TOKEN);
            run.expect("review", NodeStatus.WAITING);
            run.cancel().expect(CANCELLED);
            assertThat(run.decide(token, NO)).isEqualTo(ENDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("a decision while the run is paused is recorded; what follows starts at resume")
    void paused(Mode mode) {
        try (Scenario run = waiting(mode)) {
            run.pause();
            assertThat(run.decide(run.token("review", ""), NO)).isEqualTo(ACCEPTED);
            run.expect(PAUSED);
            assertThat(run.isStarted("last")).isFalse();
            run.resume().completes("last").expect(SUCCEEDED);
        }
    }

    @Test
    @DisplayName("tokens are in no history: what a node returns is shown without them, but passed on with them")
    void redacted() {
        Workflow workflow = Workflow.builder("w")
                .start(manualTrigger("start"))
                .then(format("link", "see {{approvals.ok.token}}!"))
                .then(node("mail", "work").with("text", "{{nodes.link.output}}"))
                .then(approval("ok", "ok?"))
                .build();
        try (Scenario run = new Scenario(Mode.PLAIN, workflow).start()) {
            assertThat(run.node("link").output()).isEqualTo("see approval.***!");
            assertThat(run.configs.get(0)).contains("see " + run.token("ok", "") + "!");
        }
    }
}
