package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.log;
import static io.automationhub.engine.nodes.Nodes.scheduleTrigger;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.internal.runtime.Journal;
import io.automationhub.engine.schedule.BusinessCalendar;
import io.automationhub.engine.schedule.CalendarRule;
import io.automationhub.engine.schedule.Capacity;
import io.automationhub.engine.schedule.CronDialect;
import io.automationhub.engine.schedule.InvalidScheduleException;
import io.automationhub.engine.schedule.Misfire;
import io.automationhub.engine.schedule.RunOverlap;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.ScheduleStatus.Firing;
import io.automationhub.engine.schedule.Upstream;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.schedule.WorkflowTrigger;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.testkit.ManualClock;
import io.automationhub.engine.testkit.TestEngine;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Schedules that fire, on a clock that is set by hand: it begins on Thursday, 1 January 2026, 00:00 UTC. */
class SchedulesTest {

    private static final Workflow TICK =
            Workflow.builder("tick").start(log("say", "tick")).build();

    /** Takes ten minutes. */
    private static final Workflow SLOW = Workflow.builder("slow")
            .start(NodeSpec.of("wait", "delay").with("duration", "10m"))
            .build();

    private final TestEngine test = TestEngine.builder().publish(TICK, SLOW).build();

    @AfterEach
    void close() {
        test.close();
    }

    private WorkflowSchedules schedules() {
        return test.engine().schedules();
    }

    private static WorkflowSchedule every(String id, String workflow, Duration interval) {
        return WorkflowSchedule.of(id, workflow, ScheduleRule.every(interval).build());
    }

    private ScheduleStatus status(String id) {
        return schedules().find(id).orElseThrow();
    }

    /** The runs of a workflow, the oldest first, by when they began. */
    private List<Instant> begun(String workflow) {
        return runs(workflow).stream()
                .map(run -> run.startedAt().truncatedTo(ChronoUnit.SECONDS))
                .toList();
    }

    private List<ExecutionRecord> runs(String workflow) {
        return test
                .engine()
                .executions(ExecutionQuery.of("default").workflow(workflow).limit(1000))
                .items()
                .stream()
                .sorted((one, other) -> one.startedAt().compareTo(other.startedAt()))
                .toList();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-01-" + time + ":00Z");
    }

    @Test
    void aScheduleRunsItsWorkflowAtItsTimes() {
        ScheduleStatus saved = schedules()
                .save(WorkflowSchedule.of(
                                "daily",
                                "tick",
                                ScheduleRule.cron(CronDialect.UNIX, "0 9 * * MON-FRI")
                                        .zone("Europe/Berlin")
                                        .build())
                        .tag("nightly"));
        assertThat(saved.next()).isEqualTo(at("01T08:00"));
        test.advance(Duration.ofDays(4).plusHours(9));
        assertThat(begun("tick")).containsExactly(at("01T08:00"), at("02T08:00"), at("05T08:00"));
        ExecutionRecord run = runs("tick").get(0);
        assertThat(run.input()).isEqualTo(JsonObject.of("schedule", "daily").with("plannedAt", "2026-01-01T08:00:00Z"));
        assertThat(run.tags()).containsExactly("nightly");
        assertThat(status("daily").next()).isEqualTo(at("06T08:00"));
        assertThat(status("daily").recent())
                .extracting(Firing::planned)
                .containsExactly(at("05T08:00"), at("02T08:00"), at("01T08:00"));
        assertThat(status("daily").recent().get(2).execution()).isEqualTo(run.id());
    }

    @Test
    void aTriggerInAPublishedWorkflowFires_andFollowsItsVersions() {
        Workflow first = triggered("0 9 * * *");
        int version = test.engine().workflows().publish(first).number();
        test.advance(Duration.ofHours(33));
        assertThat(begun("report")).containsExactly(at("01T09:00"), at("02T09:00"));
        assertThat(runs("report").get(0).input()).isEqualTo(JsonObject.of("who", "ops"));
        assertThat(runs("report").get(0).trigger()).isEqualTo("clock");

        test.engine().workflows().publish(triggered("0 10 * * *"));
        assertThat(schedules().ofTrigger("report", "clock").orElseThrow().next())
                .isEqualTo(at("02T10:00"));
        test.advance(Duration.ofHours(24));
        assertThat(begun("report")).containsExactly(at("01T09:00"), at("02T09:00"), at("02T10:00"));

        test.engine().workflows().retire("report", version + 1);
        assertThat(schedules().ofTrigger("report", "clock").orElseThrow().next())
                .isEqualTo(at("04T09:00"));
        test.engine().workflows().retire("report", version);
        assertThat(schedules().list(null, 10).items()).isEmpty();
        test.advance(Duration.ofDays(3));
        assertThat(begun("report")).hasSize(3);
    }

    @Test
    void aTriggerIsWrittenInJavaToo() {
        ScheduleRule rule = ScheduleRule.cron(CronDialect.QUARTZ, "0 0 9 ? * MON-FRI")
                .zone("America/New_York")
                .closedOn(CalendarRule.WEEKENDS)
                .misfire(Misfire.SKIP)
                .whileRunning(RunOverlap.QUEUE)
                .build();
        test.engine()
                .workflows()
                .publish(Workflow.builder("java")
                        .start(scheduleTrigger("clock", rule))
                        .then(log("say", "hello"))
                        .build());
        assertThat(schedules()
                        .ofTrigger("java", "clock")
                        .orElseThrow()
                        .schedule()
                        .rule())
                .isEqualTo(rule);
        test.advance(Duration.ofHours(15));
        assertThat(begun("java")).containsExactly(at("01T14:00"));
    }

    private static Workflow triggered(String cron) {
        return Workflow.builder("report")
                .start(NodeSpec.of("clock", "trigger.schedule")
                        .with("cron", cron)
                        .with("dialect", "unix")
                        .with("input", Map.of("who", "ops")))
                .then(log("say", "report"))
                .build();
    }

    @Test
    void disablingAWorkflowDisablesItsTriggers_andDeletingItTakesThemAway() {
        test.engine().workflows().publish(triggered("0 9 * * *"));
        test.advance(Duration.ofHours(10));
        assertThat(test.engine().workflows().triggers("report"))
                .extracting(
                        WorkflowTrigger::kind, WorkflowTrigger::enabled, WorkflowTrigger::next, WorkflowTrigger::last)
                .containsExactly(tuple(WorkflowTrigger.Kind.SCHEDULE, true, at("02T09:00"), at("01T09:00")));
        assertThat(test.engine().workflows().enable("report", false)).isTrue();
        assertThat(test.engine().workflows().active("report")).isEmpty();
        assertThat(test.engine().workflows().triggers("report").get(0).enabled())
                .isFalse();
        assertThat(test.engine().workflows().triggers("report").get(0).next()).isNull();
        test.advance(Duration.ofDays(2));
        assertThat(begun("report")).hasSize(1);
        test.engine().workflows().publish(triggered("0 10 * * *"));
        test.advance(Duration.ofDays(1));
        assertThat(begun("report")).as("a new version does not enable it").hasSize(1);
        test.engine().workflows().enable("report", true);
        test.advance(Duration.ofDays(1));
        assertThat(begun("report")).hasSize(2);
        assertThat(test.engine().workflows().delete("report")).isTrue();
        assertThat(test.engine().workflows().delete("report")).isFalse();
        assertThat(test.engine().workflows().versions("report")).isEmpty();
        assertThat(schedules().list(null, 10).items()).isEmpty();
        test.advance(Duration.ofDays(2));
        assertThat(begun("report")).hasSize(2);
        assertThat(test.engine().workflows().publish(triggered("0 9 * * *")).number())
                .isEqualTo(1);
    }

    @Test
    void aProcessThatDiesBetweenPublishingAndSchedulingLeavesNothingUndone() {
        InMemoryDocumentStore inner = new InMemoryDocumentStore();
        ManualClock clock = new ManualClock();
        AtomicBoolean dies = new AtomicBoolean(true);
        DocumentStore dying = new DyingDocumentStore(inner, id -> dies.get() && id.startsWith("trigger:"));
        WorkflowEngine first = WorkflowEngine.builder().clock(clock).build(Journal.NONE, dying);
        assertThatThrownBy(() -> first.workflows().publish(triggered("0 9 * * *")))
                .hasMessage("died");
        dies.set(false);
        try (WorkflowEngine other = WorkflowEngine.builder().clock(clock).build(Journal.NONE, inner)) {
            assertThat(other.workflows().latest("report")).isPresent();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (other.schedules().ofTrigger("report", "clock").isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                clock.advance(Duration.ofSeconds(1));
                Thread.onSpinWait();
            }
        }
        first.close();
    }

    @Test
    void changingAScheduleBetweenTwoFiringsNeitherRepeatsNorLosesOne() {
        schedules().save(every("a", "tick", Duration.ofHours(2)));
        test.advance(Duration.ofHours(3));
        assertThat(begun("tick")).containsExactly(at("01T02:00"));
        WorkflowSchedule other = WorkflowSchedule.of(
                "a",
                "tick",
                ScheduleRule.cron(CronDialect.UNIX, "0 1,2,4 * * *").build());
        assertThat(schedules().save(other).next()).isEqualTo(at("01T04:00"));
        assertThat(schedules().save(other).next()).isEqualTo(at("01T04:00"));
        test.advance(Duration.ofHours(23));
        assertThat(begun("tick")).containsExactly(at("01T02:00"), at("01T04:00"), at("02T01:00"), at("02T02:00"));
    }

    @Test
    void aFiringThatIsLateOnPurposeIsNotLostWhenItsScheduleChanges() {
        WorkflowSchedule late = WorkflowSchedule.of(
                "a",
                "tick",
                ScheduleRule.every(Duration.ofHours(1))
                        .jitter(Duration.ofMinutes(30))
                        .build());
        schedules().save(late);
        test.advance(Duration.ofHours(1).plusSeconds(1));
        assertThat(runs("tick")).as("it is later than that").isEmpty();
        schedules().save(late.rule(ScheduleRule.every(Duration.ofHours(3)).build()));
        assertThat(status("a").recent()).extracting(Firing::planned).containsExactly(at("01T01:00"));
        assertThat(status("a").next()).isEqualTo(at("01T03:00"));
        test.advance(Duration.ofHours(3));
        assertThat(runs("tick")).hasSize(2);
    }

    @Test
    void whatIsPausedDoesNotFire_andIsNotMadeUpFor() {
        schedules().save(every("a", "tick", Duration.ofHours(1)));
        test.advance(Duration.ofMinutes(90));
        assertThat(schedules().enable("a", false)).isTrue();
        assertThat(status("a").next()).isNull();
        test.advance(Duration.ofHours(10));
        assertThat(begun("tick")).containsExactly(at("01T01:00"));
        assertThat(schedules().enable("a", true)).isTrue();
        assertThat(status("a").next()).isEqualTo(at("01T12:00"));
        test.advance(Duration.ofHours(1));
        assertThat(begun("tick")).containsExactly(at("01T01:00"), at("01T12:00"));
        assertThat(schedules().delete("a")).isTrue();
        assertThat(schedules().delete("a")).isFalse();
        assertThat(schedules().enable("a", true)).isFalse();
        test.advance(Duration.ofHours(10));
        assertThat(begun("tick")).hasSize(2);
    }

    // ---------------------------------------------------------------- policies

    /** The process is away for five hours, in which five firings were due, and comes back half an hour after the last. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        once     | 05
        skip     |
        backfill | 03 04 05
        """)
    void aProcessThatComesBackFollowsTheMisfirePolicy(String policy, String hours) {
        Misfire misfire =
                policy.equals("backfill") ? Misfire.backfill(3) : policy.equals("skip") ? Misfire.SKIP : Misfire.ONCE;
        schedules()
                .save(WorkflowSchedule.of(
                        "a",
                        "tick",
                        ScheduleRule.every(Duration.ofHours(1)).misfire(misfire).build()));
        test.engine().close();
        test.clock().advance(Duration.ofMinutes(330));
        test.crash();
        test.advance(Duration.ofMinutes(31));
        List<Instant> planned = status("a").recent().stream()
                .filter(firing -> firing.execution() != null)
                .map(Firing::planned)
                .sorted()
                .toList();
        List<Instant> wanted = hours == null
                ? List.of(at("01T06:00"))
                : Stream.concat(
                                List.of(hours.split(" ", -1)).stream().map(hour -> at("01T" + hour + ":00")),
                                Stream.of(at("01T06:00")))
                        .toList();
        assertThat(planned).isEqualTo(wanted);
        assertThat(runs("tick")).hasSize(wanted.size());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(RunOverlap.class)
    void runsThatOverlapFollowThePolicy(RunOverlap policy) {
        schedules()
                .save(WorkflowSchedule.of(
                        "a",
                        "slow",
                        ScheduleRule.every(Duration.ofMinutes(4))
                                .whileRunning(policy)
                                .build()));
        test.advance(Duration.ofMinutes(33));
        List<String> minutes = begun("slow").stream()
                .map(instant -> instant.toString().substring(14, 16))
                .toList();
        switch (policy) {
            case ALLOW -> assertThat(minutes).containsExactly("04", "08", "12", "16", "20", "24", "28", "32");
            case SKIP -> assertThat(minutes).containsExactly("04", "16", "28");
            case QUEUE -> assertThat(minutes).containsExactly("04", "14", "24");
            default -> {
                assertThat(minutes).containsExactly("04", "08", "12", "16", "20", "24", "28", "32");
                assertThat(runs("slow").subList(0, 7))
                        .allSatisfy(run -> assertThat(run.status()).isEqualTo(ExecutionStatus.CANCELLED));
            }
        }
    }

    @Test
    void anIntervalMayCountFromTheEndOfTheRun() {
        schedules()
                .save(WorkflowSchedule.of(
                        "a",
                        "slow",
                        ScheduleRule.everyAfterEnd(Duration.ofMinutes(5)).build()));
        test.advance(Duration.ofMinutes(40));
        assertThat(begun("slow")).containsExactly(at("01T00:05"), at("01T00:20"), at("01T00:35"));
    }

    @Test
    void jitterIsTheSameForAllFiringsOfASchedule_andDiffersAmongSchedules() {
        for (String id : List.of("a", "b", "c")) {
            schedules()
                    .save(WorkflowSchedule.of(
                            id,
                            "tick",
                            ScheduleRule.every(Duration.ofHours(1))
                                    .jitter(Duration.ofMinutes(30))
                                    .build()));
        }
        test.advance(Duration.ofHours(3));
        Set<Duration> delays = new HashSet<>();
        for (String id : List.of("a", "b", "c")) {
            List<Duration> late = status(id).recent().stream()
                    .map(firing -> Duration.between(firing.planned(), firing.at()))
                    .distinct()
                    .toList();
            assertThat(late).hasSize(1);
            assertThat(late.get(0)).isBetween(Duration.ZERO, Duration.ofMinutes(30));
            delays.add(late.get(0));
        }
        assertThat(delays).hasSize(3);
    }

    // ---------------------------------------------------------------- after other workflows

    private static Workflow named(String id) {
        return Workflow.builder(id).start(log("say", id)).build();
    }

    private static WorkflowSchedule after(Upstream upstream) {
        return WorkflowSchedule.of("join", "tick", ScheduleRule.after(upstream).build());
    }

    private void run(String workflow) {
        test.start(named(workflow), null);
    }

    @Test
    void aWorkflowRunsAfterEachEndOfAnother_andIsToldOfIt() {
        schedules().save(after(new Upstream(List.of("a"), true, true, null)));
        test.start(TICK, null);
        assertThat(runs("tick")).hasSize(1);
        run("a");
        run("other");
        run("a");
        assertThat(runs("tick")).hasSize(3);
        ExecutionRecord run = runs("tick").stream()
                .filter(each -> each.input() != null)
                .findFirst()
                .orElseThrow();
        assertThat(String.valueOf(((JsonObject) Objects.requireNonNull(run.input())).get("after")))
                .contains("\"workflow\":\"a\"", "\"succeeded\":true", "\"endedAt\":\"2026-01-01T00:00:00Z\"");
    }

    @Test
    void allOfSeveralMustHaveEnded_sinceTheLastFiring_andNotTooLongAgo() {
        schedules().save(after(new Upstream(List.of("a", "b"), true, true, Duration.ofHours(6))));
        run("a");
        run("a");
        assertThat(runs("tick")).isEmpty();
        run("b");
        assertThat(runs("tick")).hasSize(1);
        run("b");
        test.advance(Duration.ofHours(7));
        run("a");
        assertThat(runs("tick")).as("b is too long ago").hasSize(1);
        test.advance(Duration.ofHours(1));
        run("b");
        assertThat(runs("tick")).hasSize(2);
    }

    @Test
    void failuresCountOnlyWhereCompletionIsAskedFor() {
        Workflow fails = Workflow.builder("a")
                .start(NodeSpec.of("no", "fail").with("message", "no"))
                .build();
        schedules().save(after(new Upstream(List.of("a"), false, true, null)));
        test.start(fails, null);
        assertThat(runs("tick")).isEmpty();
        test.advance(Duration.ofSeconds(1));
        schedules().save(after(new Upstream(List.of("a"), false, false, null)));
        test.start(fails, null);
        assertThat(runs("tick")).hasSize(1);
    }

    @Test
    void whatWouldRunAfterItselfIsRefused() {
        assertThatThrownBy(() -> schedules().save(after(new Upstream(List.of("tick"), true, true, null))))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessageContaining("would run after itself, for ever: tick → tick");
        schedules().save(after(new Upstream(List.of("a"), true, true, null)));
        schedules()
                .save(WorkflowSchedule.of(
                        "b",
                        "b",
                        ScheduleRule.after(new Upstream(List.of("tick"), true, true, null))
                                .build()));
        Workflow circle = Workflow.builder("a")
                .start(NodeSpec.of("clock", "trigger.schedule").with("after", List.of("b", "c")))
                .then(log("say", "a"))
                .build();
        assertThat(test.engine().validate(circle)).anySatisfy(problem -> {
            assertThat(problem.pointer()).isEqualTo("/nodes/0/data/config/after");
            assertThat(problem.message()).contains("a → tick → b → a");
        });
    }

    // ---------------------------------------------------------------- capacity

    @Test
    void aFiringWaitsForCapacity_butNotForEver() {
        try (TestEngine busy = TestEngine.builder()
                .engine(host -> host.maxExecutions(10))
                .publish(TICK)
                .build()) {
            busy.engine()
                    .schedules()
                    .save(WorkflowSchedule.of(
                            "a",
                            "tick",
                            ScheduleRule.every(Duration.ofHours(1))
                                    .capacity(new Capacity(null, 0.2, Duration.ofMinutes(20)))
                                    .build()));
            Workflow blocks = Workflow.builder("blocks")
                    .start(NodeSpec.of("wait", "delay").with("duration", "65m"))
                    .build();
            busy.start(blocks, null);
            busy.start(blocks, null);
            busy.advance(Duration.ofMinutes(64));
            assertThat(recent(busy)).isEmpty();
            busy.advance(Duration.ofMinutes(2));
            assertThat(recent(busy)).hasSize(1);
            assertThat(recent(busy).get(0).planned()).isEqualTo(at("01T01:00"));
            busy.start(blocks, null);
            busy.start(blocks, null);
            busy.advance(Duration.ofMinutes(44));
            busy.start(blocks, null);
            busy.start(blocks, null);
            busy.advance(Duration.ofMinutes(29));
            assertThat(recent(busy)).as("at 2:19").hasSize(1);
            busy.advance(Duration.ofMinutes(2));
            assertThat(recent(busy).get(0).planned()).isEqualTo(at("01T02:00"));
            assertThat(recent(busy).get(0).at()).isBetween(at("01T02:20"), at("01T02:21"));
        }
    }

    private static List<Firing> recent(TestEngine engine) {
        return engine.engine().schedules().find("a").orElseThrow().recent();
    }

    @Test
    void aNamedLimitIsLookedAtToo() throws InterruptedException {
        Workflow gpu = Workflow.builder("gpu")
                .limit("gpu", 3)
                .start(NodeSpec.of("work", "work"))
                .build();
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        ManualClock clock = new ManualClock();
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .clock(clock)
                .node("work", context -> {
                    begun.countDown();
                    release.await();
                    return null;
                })
                .build()) {
            engine.workflows().publish(TICK);
            ScheduleStatus unused = engine.schedules()
                    .save(WorkflowSchedule.of(
                            "a",
                            "tick",
                            ScheduleRule.every(Duration.ofHours(1))
                                    .capacity(new Capacity("gpu", 2, Duration.ofMinutes(20)))
                                    .build()));
            ExecutionHandle one = engine.start(gpu, null);
            ExecutionHandle other = engine.start(gpu, null);
            begun.await();
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (engine.schedules().find("a").orElseThrow().recent().isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                clock.advance(Duration.ofSeconds(5));
                Thread.onSpinWait();
            }
            assertThat(engine.schedules()
                            .find("a")
                            .orElseThrow()
                            .recent()
                            .get(0)
                            .at())
                    .as("both places were taken until then")
                    .isAfterOrEqualTo(at("01T01:20"));
            release.countDown();
            assertThat(List.of(one.await(), other.await())).allMatch(WorkflowExecution::isSucceeded);
        }
    }

    // ---------------------------------------------------------------- what goes wrong

    @Test
    void aWorkflowThatIsNotThereIsToldOf_andTheNextFiringTriesAgain() {
        schedules().save(every("a", "nowhere", Duration.ofHours(1)));
        test.advance(Duration.ofMinutes(61));
        assertThat(status("a").error()).contains("There is no published workflow 'nowhere'");
        assertThat(status("a").recent().get(0).skipped()).contains("nowhere");
        test.engine()
                .workflows()
                .publish(Workflow.builder("nowhere").start(log("say", "here")).build());
        test.advance(Duration.ofHours(1));
        assertThat(begun("nowhere")).containsExactly(at("01T02:00"));
        assertThat(status("a").error()).isNull();
    }

    @Test
    void aScheduleThatWouldNeverFireIsNotKept() {
        WorkflowSchedule past =
                WorkflowSchedule.of("a", "tick", ScheduleRule.at(Instant.EPOCH).build());
        assertThatThrownBy(() -> schedules().save(past))
                .isInstanceOf(InvalidScheduleException.class)
                .hasMessage(
                        "Cannot keep the schedule 'a': It never fires again after 2026-01-01T00:00:00Z; give it a time"
                                + " that is still to come");
        assertThat(schedules().find("a")).isEmpty();
        assertThatThrownBy(() -> schedules().save(every("trigger:report/clock", "tick", Duration.ofHours(1))))
                .hasMessageContaining("belongs to a trigger");
        Workflow workflow = Workflow.builder("late")
                .start(NodeSpec.of("clock", "trigger.schedule")
                        .with("every", "5m")
                        .with("until", "2025-01-01"))
                .then(log("say", "late"))
                .build();
        assertThat(test.engine().validate(workflow)).anySatisfy(problem -> {
            assertThat(problem.pointer()).isEqualTo("/nodes/0/data/config/until");
            assertThat(problem.message()).contains("The window is past");
            assertThat(problem.nodeId()).isEqualTo("clock");
        });
        assertThatThrownBy(() -> test.engine().workflows().publish(workflow)).hasMessageContaining("window is past");
        assertThat(test.engine().run(workflow, null).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }

    @Test
    void tenantsHaveSchedulesOfTheirOwn() {
        WorkflowEngine acme = test.engine().forTenant("acme");
        acme.workflows().publish(TICK);
        acme.schedules().save(every("a", "tick", Duration.ofHours(1)));
        assertThat(schedules().find("a")).isEmpty();
        test.advance(Duration.ofHours(1));
        assertThat(begun("tick")).isEmpty();
        assertThat(acme.executions(ExecutionQuery.of("acme")).items()).hasSize(1);
        assertThat(acme.schedules().list(null, 10).items()).hasSize(1);
    }

    @Test
    void aCalendarThatDoesNotReachThatFarIsToldOf_andAskedAgain() {
        AtomicBoolean reaches = new AtomicBoolean();
        BusinessCalendar calendar = new BusinessCalendar() {
            @Override
            public Optional<String> closed(LocalDate date) {
                if (date.getMonthValue() > 1 && !reaches.get()) {
                    throw new IllegalArgumentException("it ends in January");
                }
                return Optional.empty();
            }

            @Override
            public String description() {
                return "nothing";
            }
        };
        try (TestEngine own = TestEngine.builder()
                .engine(host -> host.calendar("short", calendar))
                .publish(TICK)
                .build()) {
            own.engine()
                    .schedules()
                    .save(WorkflowSchedule.of(
                            "a",
                            "tick",
                            ScheduleRule.cron(CronDialect.UNIX, "0 9 * * *")
                                    .closedOn(new CalendarRule.Named("short"))
                                    .build()));
            own.advance(Duration.ofDays(31));
            assertThat(recent(own).get(0).planned()).isEqualTo(at("30T09:00"));
            assertThat(own.engine().schedules().find("a").orElseThrow().error()).isEqualTo("it ends in January");
            reaches.set(true);
            own.advance(Duration.ofMinutes(10));
            assertThat(recent(own)).extracting(Firing::planned).contains(at("31T09:00"));
            assertThat(own.engine().schedules().find("a").orElseThrow().error()).isNull();
        }
    }

    @Test
    void aHostsCalendarClosesDays() {
        try (TestEngine own = TestEngine.builder()
                .engine(host -> host.calendar("odd", new BusinessCalendar() {
                    @Override
                    public Optional<String> closed(LocalDate date) {
                        return date.getDayOfMonth() % 2 == 0 ? Optional.empty() : Optional.of("odd");
                    }

                    @Override
                    public String description() {
                        return "odd days";
                    }
                }))
                .publish(TICK)
                .build()) {
            ScheduleRule rule = ScheduleRule.cron(CronDialect.UNIX, "@daily")
                    .closedOn(new CalendarRule.Named("odd"))
                    .build();
            own.engine().schedules().save(WorkflowSchedule.of("a", "tick", rule));
            own.advance(Duration.ofDays(4).plusHours(1));
            assertThat(own.engine().schedules().find("a").orElseThrow().recent())
                    .extracting(Firing::planned)
                    .containsExactly(at("04T00:00"), at("02T00:00"));
            assertThat(own.engine().schedules().describe(rule)).isEqualTo("At 00:00, UTC, not on odd days");
            assertThat(own.engine().schedules().preview(rule, "a", 2))
                    .extracting(each -> each.outcome().text())
                    .containsExactly("skipped", "fires", "skipped", "fires");
        }
    }
}
