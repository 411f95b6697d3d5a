package io.automationhub.engine.testkit.evaluation;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.engine.workflow.WorkflowVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Runs a workflow, or an agent, over cases and scores what comes of them. Not for use by several threads. */
public final class Evaluation {

    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final WorkflowEngine engine;
    private final Workflow workflow;
    private final Map<String, Score> scores = new LinkedHashMap<>();
    private int repetitions = 1;
    private int threads = 1;
    private Duration timeout = TIMEOUT;

    private Evaluation(WorkflowEngine engine, Workflow workflow) {
        this.engine = engine;
        this.workflow = workflow;
    }

    /** Of a workflow. */
    public static Evaluation of(WorkflowEngine engine, Workflow workflow) {
        return new Evaluation(engine, workflow);
    }

    /**
     * Of a published workflow: of an agent as {@code agent.<id>}.
     *
     * @throws IllegalArgumentException if it is not published
     */
    public static Evaluation of(WorkflowEngine engine, String workflowId) {
        return new Evaluation(
                engine,
                engine.workflows()
                        .latest(workflowId)
                        .map(WorkflowVersion::workflow)
                        .orElseThrow(() -> new IllegalArgumentException("Cannot evaluate '" + workflowId
                                + "': it is not published; publish the workflow, or create the agent")));
    }

    /** Adds a score under a name. */
    public Evaluation score(String name, Score score) {
        if (scores.put(name, score) != null) {
            throw new IllegalArgumentException("There are two scores of the name '" + name + "'");
        }
        return this;
    }

    /** Runs each case so often, because answers are not the same each time; once by default. */
    public Evaluation repetitions(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("Each case runs at least once, found " + times);
        }
        repetitions = times;
        return this;
    }

    /** Runs so many cases at a time; one by default. */
    public Evaluation threads(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("At least one case runs at a time, found " + most);
        }
        threads = most;
        return this;
    }

    /** How long a run is waited for; ten minutes by default. */
    public Evaluation timeout(Duration most) {
        timeout = most;
        return this;
    }

    /**
     * Runs all.
     *
     * @throws IllegalArgumentException if there are no cases or no scores
     * @throws InterruptedException if this thread is interrupted meanwhile
     */
    public EvaluationReport run(List<EvaluationCase> cases) throws InterruptedException {
        if (cases.isEmpty() || scores.isEmpty()) {
            throw new IllegalArgumentException("An evaluation needs a case and a score, found " + cases.size()
                    + " cases and " + scores.size() + " scores");
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Future<EvaluationReport.Result>> running = new ArrayList<>();
            for (EvaluationCase each : cases) {
                for (int i = 1; i <= repetitions; i++) {
                    int repetition = i;
                    running.add(pool.submit(() -> result(each, repetition)));
                }
            }
            List<EvaluationReport.Result> results = new ArrayList<>();
            for (Future<EvaluationReport.Result> each : running) {
                results.add(got(each));
            }
            return new EvaluationReport(workflow.id(), List.copyOf(scores.keySet()), results);
        } finally {
            List<Runnable> unused = pool.shutdownNow();
        }
    }

    private static EvaluationReport.Result got(Future<EvaluationReport.Result> result) throws InterruptedException {
        try {
            return result.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        }
    }

    private EvaluationReport.Result result(EvaluationCase of, int repetition) {
        long begun = System.nanoTime();
        Object output = null;
        String failure = "";
        Spent spent = Spent.NOTHING;
        try {
            WorkflowExecution run = engine.run(workflow, of.input(), timeout);
            output = run.output();
            failure = run.isSucceeded()
                    ? ""
                    : run.error().map(ExecutionError::message).orElse("it was cancelled");
            spent = Spent.of(run);
        } catch (EngineException e) {
            failure = String.valueOf(e.getMessage());
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        return new EvaluationReport.Result(
                of.id(), repetition, output, failure, verdicts(of, output, failure), millis, spent);
    }

    private Map<String, Score.Verdict> verdicts(EvaluationCase of, @Nullable Object output, String failure) {
        Map<String, Score.Verdict> verdicts = new LinkedHashMap<>();
        scores.forEach((name, score) -> verdicts.put(
                name,
                failure.isEmpty() ? score.score(of, output) : Score.Verdict.of(false, "the run failed: " + failure)));
        return verdicts;
    }
}
