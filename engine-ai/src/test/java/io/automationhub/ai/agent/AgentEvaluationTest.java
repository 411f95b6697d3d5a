package io.automationhub.ai.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.testkit.evaluation.Evaluation;
import io.automationhub.engine.testkit.evaluation.EvaluationCase;
import io.automationhub.engine.testkit.evaluation.EvaluationReport;
import io.automationhub.engine.testkit.evaluation.Score;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An agent evaluated over a data set, with another agent as the judge, as a user writes it. */
class AgentEvaluationTest {

    private static final ModelChoice MODEL = new ModelChoice(null, null, "m");

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private static EvaluationCase ticket(String id, String text, String category) {
        return new EvaluationCase(
                id, JsonObject.of("message", text), json("{'json': {'category': '" + category + "'}}"));
    }

    @Test
    void anAgentIsScoredByItsAnswers_andByAJudge() throws Exception {
        AiModule module = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(json("{'rules': ["
                        + "{'when': {'instructions': 'judge', 'says': 'escalate'}, 'json': {'score': 0.25, 'reason': 'rude'}},"
                        + "{'when': {'instructions': 'judge'}, 'json': {'score': 1, 'reason': 'polite'}},"
                        + "{'when': {'says': 'refund'}, 'json': {'reply': 'Never! I escalate.', 'category': 'payment'}},"
                        + "{'json': {'reply': 'Gladly.', 'category': 'order'}}]}")))
                .build();
        try (WorkflowEngine engine = WorkflowEngine.builder().install(module).build()) {
            AgentOrchestrator agents = module.agents(engine);
            AIAgent support = agents.create(AIAgent.custom("support", MODEL, "You answer customers.")
                    .withOutput(json("{'type': 'object', 'required': ['reply', 'category']}")));
            AIAgent judge = agents.create(AIAgent.custom("judge", MODEL, "You are a judge.")
                    .withOutput(json("{'type': 'object', 'required': ['score', 'reason']}")));

            EvaluationReport report = Evaluation.of(engine, support.workflowId())
                    .score("category", Score.exact("/json/category"))
                    .score("polite", Score.judge(engine, judge.workflowId(), "Is the reply polite?"))
                    .run(List.of(
                            ticket("t1", "Where is my parcel?", "order"),
                            ticket("t2", "I want a refund", "payment"),
                            ticket("t3", "It broke", "product")));

            assertThat(report.mean("category")).isBetween(0.66, 0.67);
            assertThat(report.mean("polite")).isEqualTo(0.75);
            assertThat(report.spent().tokens()).isPositive();
            assertThat(report.spentByScores().tokens()).isPositive();
            report.costsAtMost(BigDecimal.ZERO);
            assertThatThrownBy(() -> report.isAtLeast("polite", 0.8))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("polite 0.25 (rude)")
                    .hasMessageContaining("expected \"product\", found \"order\"");
        }
    }
}
