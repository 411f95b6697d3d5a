package io.automationhub.engine.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.ExecutionHandle;
import io.automationhub.engine.error.RetriableException;
import io.automationhub.engine.event.ExecutionFact;
import io.automationhub.engine.event.NodeExecution;
import io.automationhub.engine.event.NodeStatus;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.testkit.TestRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whole runs on random workflows, with called workflows, signals, pauses and undoing: once undisturbed, and once with
 * processes that die at random steps and signals that come twice. Both are paused, resumed and cancelled alike; both end alike, and nothing
 * whose end is recorded is done again. One seed from a command:
 * {@code mvn -Pall -pl engine-core test -Dtest=RunSimulationTest -Dsimulator.seed=17 -Dsimulator.graphs=1}.
 */
@Tag("campaign")
class RunSimulationTest {

    private static final int RUNS = 400;
    private static final int MAX_STEPS = 2_000;

    /** Something that happens from outside, so many seconds after the start. */
    private record Happening(int second, String what, String id) {}

    /** What is compared. */
    private record Result(
            String status,
            String output,
            String error,
            String compensation,
            Map<String, String> nodes,
            List<String> undone) {}

    private static final class Play {

        final Map<String, Integer> effects = new ConcurrentHashMap<>();
        private final boolean disturbed;
        private final Random random;
        private final RandomRun workflows;
        private final List<Happening> happenings;
        private int crashes;

        Play(long seed, boolean disturbed) {
            this.disturbed = disturbed;
            Random script = new Random(seed * 0x9E3779B97F4A7C15L);
            workflows = new RandomRun(script);
            happenings = happenings(script, workflows.signals());
            random = new Random(seed ^ 0x5DEECE66DL);
        }

        private static List<Happening> happenings(Random script, List<String> signals) {
            List<Happening> all = new ArrayList<>();
            int second = 0;
            for (int i = 0; i < signals.size(); i++) {
                second += 1 + script.nextInt(60);
                all.add(new Happening(second, signals.get(script.nextInt(signals.size())), "id" + i));
            }
            if (script.nextInt(3) == 0) {
                int pause = 1 + script.nextInt(100);
                all.add(new Happening(pause, "pause", ""));
                all.add(new Happening(pause + 1 + script.nextInt(100), "resume", ""));
            }
            if (script.nextInt(4) == 0) {
                String how = script.nextBoolean() ? "cancel" : "cancelAndCompensate";
                all.add(new Happening(1 + script.nextInt(300), how, ""));
            }
            all.sort((a, b) -> Integer.compare(a.second(), b.second()));
            return all;
        }

        private Object effect(ExecutionContext call) {
            effects.merge(call.idempotencyKey() + "#" + call.attempt(), 1, Integer::sum);
            return call.nodeId();
        }

        Result play() {
            TestEngine.Builder builder = TestEngine.builder()
                    .engine(host -> host.node("echo", NodeTraits.EFFECTFUL_INLINE, this::effect)
                            .node("undo", NodeTraits.EFFECTFUL_INLINE, this::effect)
                            .node("flaky", NodeTraits.EFFECTFUL_INLINE, call -> {
                                if (call.attempt() <= ((Number) call.value("times")).intValue()) {
                                    throw new RetriableException("not yet");
                                }
                                return effect(call);
                            })
                            .node("bad", NodeTraits.EFFECTFUL_INLINE, call -> {
                                throw new IllegalStateException("It is bad");
                            })
                            .node("secondTime", NodeTraits.EFFECTFUL_INLINE, call -> {
                                if (call.idempotencyKey().endsWith("0")) {
                                    throw new RetriableException("not the first time");
                                }
                                return effect(call);
                            }))
                    .publish(workflows.child);
            if (disturbed) {
                builder.crashAfter(1 + random.nextInt(30));
            }
            try (TestEngine engine = builder.build()) {
                TestRun run = engine.start(workflows.main, Map.of());
                play(engine, run);
                List<String> ends = run.facts().stream()
                        .filter(ExecutionFact.NodeEnded.class::isInstance)
                        .map(ExecutionFact.NodeEnded.class::cast)
                        .map(end -> end.node() + "@" + end.iteration())
                        .toList();
                assertThat(ends).as("each node run ends once: %s", run.story()).doesNotHaveDuplicates();
                return result(run);
            }
        }

        private void play(TestEngine engine, TestRun run) {
            int second = 0;
            for (Happening happening : happenings) {
                pass(engine, happening.second() - second);
                second = happening.second();
                happen(engine, run, happening);
            }
            for (int step = 0; !run.record().status().isEnded(); step++) {
                assertThat(step).as("the run ends").isLessThan(MAX_STEPS);
                Optional<Duration> next = engine.clock().untilNext();
                assertThat(next).as("it waits for time: %s", run.story()).isPresent();
                disturb(engine);
                engine.advance(next.orElse(Duration.ZERO));
            }
        }

        private void pass(TestEngine engine, int seconds) {
            int left = seconds;
            while (disturbed && left > 1 && random.nextInt(3) == 0) {
                int part = 1 + random.nextInt(left - 1);
                engine.advance(Duration.ofSeconds(part));
                left -= part;
                disturb(engine);
            }
            engine.advance(Duration.ofSeconds(left));
        }

        private void disturb(TestEngine engine) {
            if (disturbed && random.nextInt(4) == 0) {
                engine.crash();
                crashes++;
            }
        }

        private void happen(TestEngine engine, TestRun run, Happening happening) {
            Optional<ExecutionHandle> handle = engine.engine().handle(run.id());
            if (handle.isEmpty()) {
                return;
            }
            switch (happening.what()) {
                case "pause" -> handle.get().pause();
                case "resume" -> handle.get().resume();
                case "cancel" -> handle.get().cancel();
                case "cancelAndCompensate" -> handle.get().cancelAndCompensate();
                default -> {
                    handle.get().signal(happening.what(), happening.id(), happening.id());
                    if (disturbed) {
                        disturb(engine);
                        engine.engine()
                                .handle(run.id())
                                .ifPresent(again -> again.signal(happening.what(), happening.id(), happening.id()));
                    }
                }
            }
            engine.settle();
        }

        private static Result result(TestRun run) {
            ExecutionRecord record = run.record();
            Map<String, String> nodes = new TreeMap<>();
            List<String> undone = new ArrayList<>();
            for (NodeExecution node : run.nodes()) {
                nodes.put(node.node() + "@" + node.iteration(), node.status() + " " + node.output());
                if (node.node().contains("-undo") && node.status() == NodeStatus.SUCCEEDED) {
                    undone.add(node.node() + "@" + node.iteration());
                }
            }
            return new Result(
                    record.status().text(),
                    String.valueOf(record.output()),
                    record.error() == null
                            ? ""
                            : record.error().kind() + " of " + record.error().node(),
                    String.valueOf(record.compensation()),
                    nodes,
                    undone.stream().sorted().toList());
        }
    }

    @Test
    void aRunThatIsDisturbedEndsAsOneThatIsNot() {
        long first = Long.getLong("simulator.seed", 1);
        int runs =
                Integer.getInteger("simulator.graphs", "full".equals(System.getProperty("campaign")) ? 20_000 : RUNS);
        int crashes = 0;
        int undone = 0;
        for (long seed = first; seed < first + runs; seed++) {
            try {
                Play calm = new Play(seed, false);
                Result expected = calm.play();
                Play disturbed = new Play(seed, true);
                Result found = disturbed.play();
                assertThat(found).isEqualTo(expected);
                assertThat(calm.effects.values())
                        .as("effects of an undisturbed run")
                        .allMatch(times -> times == 1);
                assertThat(disturbed.effects.keySet()).isEqualTo(withOwnIds(calm, disturbed));
                crashes += disturbed.crashes;
                undone += expected.undone().isEmpty() ? 0 : 1;
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("Seed " + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.println("Runs: " + runs + ", crashes beside the first of each: " + crashes + ", undone: " + undone);
        if (runs >= RUNS) {
            assertThat(crashes).isGreaterThan(RUNS);
            assertThat(undone).isGreaterThan(RUNS / 10);
        }
    }

    /** The ids of runs differ from engine to engine; the disturbed one must have had as many effects under other ids. */
    private static java.util.Set<String> withOwnIds(Play calm, Play disturbed) {
        List<String> expected = withoutIds(calm);
        List<String> found = withoutIds(disturbed);
        assertThat(found).isEqualTo(expected);
        return disturbed.effects.keySet();
    }

    private static List<String> withoutIds(Play play) {
        return play.effects.keySet().stream()
                .map(key -> key.substring(key.indexOf('/')))
                .sorted()
                .toList();
    }
}
