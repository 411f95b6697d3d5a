package io.automationhub.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.testkit.evaluation.Evaluation;
import io.automationhub.engine.testkit.evaluation.EvaluationCase;
import io.automationhub.engine.testkit.evaluation.EvaluationReport;
import io.automationhub.engine.testkit.evaluation.Score;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The evaluation kit: cases from files, scores, what is spent, and thresholds. */
class EvaluationTest {

    private final WorkflowEngine engine = WorkflowEngine.builder()
            // Stands for a node that calls a model: it says what it used.
            .node("guess", context -> {
                String text = context.text("text");
                if (text.equals("boom")) {
                    throw new IllegalStateException("no guess");
                }
                return json("{'label': '" + (text.contains("pay") ? "bill" : "other") + "', 'text': 'I guess: " + text
                        + "', 'usage': {'total': 10}, 'cost': {'amount': 0.25}}");
            })
            .build();

    private final Workflow workflow = Workflow.builder("triage")
            .start(NodeSpec.of("guess", "guess").with("text", "{{input}}"))
            .build();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        engine.close();
    }

    private static JsonObject json(String text) {
        return Json.object(Json.parse(text.replace('\'', '"')));
    }

    private List<EvaluationCase> cases(String... lines) throws IOException {
        Path file = folder.resolve("cases.jsonl");
        Files.writeString(file, String.join("\n", lines).replace('\'', '"'));
        return EvaluationCase.read(file);
    }

    @Test
    void casesAreRunScoredAndCounted() throws Exception {
        EvaluationReport report = Evaluation.of(engine, workflow)
                .score("label", Score.exact("/label"))
                .score("words", Score.contains("/text"))
                .score("shape", Score.schema("/label", json("{'enum': ['bill', 'other']}")))
                .repetitions(2)
                .threads(2)
                .run(cases(
                        "{'id': 'a', 'input': 'I cannot pay', 'expected': 'bill'}",
                        "{'id': 'b', 'input': 'it broke', 'expected': 'crash'}",
                        "{'id': 'c', 'input': 'boom', 'expected': 'other'}",
                        "{'id': 'd', 'input': 'hello', 'expected': {'label': 'other'}}"));

        assertThat(report.results())
                .extracting(result -> result.id() + result.repetition())
                .containsExactly("a1", "a2", "b1", "b2", "c1", "c2", "d1", "d2");
        assertThat(report.mean("label")).isEqualTo(0.5);
        assertThat(report.mean("shape")).isEqualTo(0.75);
        assertThat(report.spent().tokens()).isEqualTo(60);
        assertThat(report.spent().amount()).isEqualByComparingTo("1.5");
        assertThat(report.table())
                .contains("Evaluation of 'triage': 8 runs", "label                0.500")
                .contains("expected \"crash\", found \"other\"", "the run failed", "no guess");
        report.isAtLeast("label", 0.5).costsAtMost(new BigDecimal("1.5"));
        assertThatThrownBy(() -> report.isAtLeast("label", 0.51))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("The score 'label' is 0.500, less than 0.510")
                .hasMessageContaining("b #1");
        assertThatThrownBy(() -> report.costsAtMost(BigDecimal.ONE))
                .hasMessageContaining("The runs cost 1.50, more than 1");
        assertThatThrownBy(() -> report.mean("lable")).hasMessageContaining("there are label, words, shape");

        report.write(folder.resolve("reports/triage.json"));
        assertThat(Json.object(Json.parse(Files.readString(folder.resolve("reports/triage.json"))))
                        .get("means"))
                .isEqualTo(json("{'label': 0.5, 'words': 0.0, 'shape': 0.75}"));
    }

    @Test
    void theShareOfExpectedTextsIsAScore() {
        Score score = Score.contains("/text");
        EvaluationCase two = new EvaluationCase("x", null, Json.of(List.of("Rhine", "ELBE")));
        assertThat(score.score(two, json("{'text': 'the rhine and the elbe'}")).value())
                .isEqualTo(1);
        Score.Verdict half = score.score(two, json("{'text': 'the rhine'}"));
        assertThat(half.value()).isEqualTo(0.5);
        assertThat(half.why()).isEqualTo("lacks ELBE");
        assertThat(score.score(two, null).value()).isZero();
    }

    @Test
    void anotherWorkflowIsTheJudge() throws Exception {
        var unused = engine.workflows()
                .publish(Workflow.builder("agent.judge")
                        .start(NodeSpec.of("judge", "action.format")
                                .with(
                                        "template",
                                        Map.of(
                                                "json",
                                                Map.of(
                                                        "score",
                                                        "{{input.message.contains('pay') ? 0.9 : 7}}",
                                                        "reason",
                                                        "{{input.message}}"),
                                                "usage",
                                                Map.of("total", 5),
                                                "cost",
                                                Map.of("amount", 1))))
                        .build());
        EvaluationReport report = Evaluation.of(engine, workflow)
                .score("judge", Score.judge(engine, "agent.judge", "Is it polite?"))
                .run(cases("{'input': 'I pay', 'expected': 'x'}", "{'input': 'no', 'expected': 'x'}"));
        assertThat(report.results().get(0).verdicts().get("judge").value()).isEqualTo(0.9);
        assertThat(report.results().get(0).verdicts().get("judge").why())
                .contains("Criteria: Is it polite?", "I pay", "I guess: I pay");
        assertThat(report.results().get(1).verdicts().get("judge").value())
                .as("no more than 1")
                .isEqualTo(1);
        assertThat(report.spentByScores().tokens()).isEqualTo(10);
        assertThat(report.spent().tokens()).isEqualTo(20);
        assertThatThrownBy(() -> Evaluation.of(engine, workflow)
                        .score("judge", Score.judge(engine, "agent.nobody", ""))
                        .run(cases("{'input': 'x'}")))
                .hasMessageContaining("'agent.nobody' is not published");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> cases("{'input': 1}", "[1]")).hasMessageContaining("Case 2", "list");
        assertThatThrownBy(() -> cases("{'id': 'a', 'input': 1}", "{'id': 'a', 'input': 2}"))
                .hasMessageContaining("two cases of the id 'a'");
        assertThatThrownBy(() -> cases("")).hasMessageContaining("has no cases");
        assertThatThrownBy(() -> Evaluation.of(engine, "nothing")).hasMessageContaining("it is not published");
        assertThatThrownBy(() -> Evaluation.of(engine, workflow).run(List.of()))
                .hasMessageContaining("a case and a score");
    }
}
