package io.automationhub.engine.testkit.evaluation;

import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came of an evaluation.
 *
 * @param workflow that was evaluated
 * @param scores their names
 * @param results one of each case and repetition, in their order
 */
public record EvaluationReport(String workflow, List<String> scores, List<Result> results) {

    /**
     * What came of one run.
     *
     * @param id of the case
     * @param repetition counted from 1
     * @param failure why the run failed; empty if it did not
     * @param millis how long it took
     * @param spent by the run; what scores cost is in their verdicts
     */
    public record Result(
            String id,
            int repetition,
            @Nullable Object output,
            String failure,
            Map<String, Score.Verdict> verdicts,
            long millis,
            Spent spent) {

        JsonObject toJson() {
            JsonObject scored = JsonObject.EMPTY;
            for (Map.Entry<String, Score.Verdict> verdict : verdicts.entrySet()) {
                scored = scored.with(
                        verdict.getKey(),
                        JsonObject.of("score", verdict.getValue().value())
                                .with("why", verdict.getValue().why()));
            }
            return JsonObject.of("id", id)
                    .with("repetition", repetition)
                    .with("output", output)
                    .with("failure", failure)
                    .with("scores", scored)
                    .with("millis", millis)
                    .with("spent", spent.toJson());
        }
    }

    public EvaluationReport {
        scores = List.copyOf(scores);
        results = List.copyOf(results);
    }

    /**
     * The mean of a score over all runs, 0 to 1.
     *
     * @throws IllegalArgumentException if there is no such score
     */
    public double mean(String score) {
        if (!scores.contains(score)) {
            throw new IllegalArgumentException(
                    "There is no score '" + score + "'; there are " + String.join(", ", scores));
        }
        return results.stream()
                .mapToDouble(result -> result.verdicts().get(score).value())
                .average()
                .orElse(0);
    }

    /** What the runs used and cost. */
    public Spent spent() {
        return results.stream().map(Result::spent).reduce(Spent.NOTHING, Spent::plus);
    }

    /** What the scores used and cost. */
    public Spent spentByScores() {
        return results.stream()
                .flatMap(result -> result.verdicts().values().stream())
                .map(Score.Verdict::cost)
                .reduce(Spent.NOTHING, Spent::plus);
    }

    /**
     * Fails a test if the mean of a score is less.
     *
     * @throws AssertionError with the table, if it is
     */
    public EvaluationReport isAtLeast(String score, double threshold) {
        double mean = mean(score);
        if (mean < threshold) {
            throw new AssertionError(String.format(
                    Locale.ROOT, "The score '%s' is %.3f, less than %.3f%n%s", score, mean, threshold, table()));
        }
        return this;
    }

    /**
     * Fails a test if the runs cost more, or it is not known what they cost.
     *
     * @throws AssertionError with the table, if they do
     */
    public EvaluationReport costsAtMost(BigDecimal amount) {
        BigDecimal spent = spent().amount();
        if (spent == null || spent.compareTo(amount) > 0) {
            throw new AssertionError(
                    "The runs cost " + (spent == null ? "something that is not known" : spent.toPlainString())
                            + ", more than " + amount.toPlainString() + System.lineSeparator() + table());
        }
        return this;
    }

    /** A table for people: a line for each run, the worst explained, and what all came to. */
    public String table() {
        StringBuilder text = new StringBuilder("Evaluation of '" + workflow + "': ");
        text.append(results.size()).append(" runs\n");
        for (String score : scores) {
            text.append(String.format(Locale.ROOT, "  %-20s %.3f%n", score, mean(score)));
        }
        text.append("  spent                ")
                .append(Json.write(spent().toJson()))
                .append('\n');
        text.append("  spent by scores      ")
                .append(Json.write(spentByScores().toJson()))
                .append('\n');
        for (Result result : results) {
            text.append(
                    String.format(Locale.ROOT, "  %s #%d, %d ms:", result.id(), result.repetition(), result.millis()));
            result.verdicts()
                    .forEach((name, verdict) -> text.append(String.format(
                            Locale.ROOT,
                            " %s %.2f%s",
                            name,
                            verdict.value(),
                            verdict.value() < 1 ? " (" + verdict.why() + ")" : "")));
            text.append('\n');
        }
        return text.toString();
    }

    /** All of it. */
    public JsonObject toJson() {
        JsonObject means = JsonObject.EMPTY;
        for (String score : scores) {
            means = means.with(score, mean(score));
        }
        return JsonObject.of("workflow", workflow)
                .with("means", means)
                .with("spent", spent().toJson())
                .with("spentByScores", spentByScores().toJson())
                .with("results", results.stream().map(Result::toJson).toList());
    }

    /** Writes all of it to a file, to be compared with the next one. */
    public EvaluationReport write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(file, Json.writePretty(toJson()) + System.lineSeparator());
        return this;
    }
}
