package io.automationhub.store.jdbc;

import static io.automationhub.engine.nodes.Nodes.log;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.schedule.Capacity;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.ScheduleStatus.Firing;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.store.ExecutionQuery;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Schedules of two engines that share a database, on clocks that go. */
@Tag("campaign")
class ScheduleTest {

    private static Workflow named(String id) {
        return Workflow.builder(id).start(log("say", id)).build();
    }

    private static List<ExecutionRecord> runs(WorkflowEngine engine, String workflow) {
        return engine.executions(ExecutionQuery.of("default").workflow(workflow))
                .items();
    }

    @Test
    void whatOneEngineKeepsTheOtherFires_andWhatRunsAfterIt() throws Exception {
        try (HikariDataSource source = Database.POSTGRESQL.fresh();
                WorkflowEngine asks = WorkerMain.builder(JdbcWorkflowStore.create(source))
                        .worker(false)
                        .build();
                WorkflowEngine works =
                        WorkerMain.builder(JdbcWorkflowStore.create(source)).build()) {
            asks.workflows().publish(named("import"));
            asks.workflows()
                    .publish(Workflow.builder("report")
                            .start(NodeSpec.of("clock", "trigger.schedule").with("after", "import"))
                            .then(log("say", "report"))
                            .build());
            ScheduleStatus unused = asks.schedules()
                    .save(WorkflowSchedule.of(
                            "often",
                            "import",
                            ScheduleRule.every(Duration.ofSeconds(1)).build()));
            DurableRunTest.await("both run twice", () -> runs(asks, "report").size() >= 2);
            assertThat(asks.schedules().delete("often")).isTrue();
            DurableRunTest.await(
                    "each import has its report",
                    () -> runs(works, "report").size() == runs(works, "import").size());
            assertThat(runs(asks, "report"))
                    .allSatisfy(run -> assertThat(String.valueOf(run.input())).contains("\"workflow\":\"import\""));
            assertThat(asks.workflows().triggers("report").get(0).last()).isNotNull();
        }
    }

    @Test
    void placesOfALimitCountInAllProcesses() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Workflow gpu = Workflow.builder("gpu")
                .limit("gpu", 1)
                .start(NodeSpec.of("work", "work"))
                .build();
        try (HikariDataSource source = Database.POSTGRESQL.fresh();
                WorkflowEngine engine = WorkerMain.builder(JdbcWorkflowStore.create(source))
                        .node("work", context -> {
                            begun.countDown();
                            release.await();
                            return null;
                        })
                        .build()) {
            engine.workflows().publish(named("tick"));
            var run = engine.start(gpu, null);
            begun.await();
            ScheduleStatus unused = engine.schedules()
                    .save(WorkflowSchedule.of(
                            "a",
                            "tick",
                            ScheduleRule.every(Duration.ofSeconds(1))
                                    .capacity(new Capacity("gpu", 1, Duration.ofSeconds(3)))
                                    .build()));
            DurableRunTest.await("it fires", () -> !recent(engine).isEmpty());
            Firing first = recent(engine).get(recent(engine).size() - 1);
            assertThat(Duration.between(first.planned(), first.at())).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            release.countDown();
            assertThat(run.await().isSucceeded()).isTrue();
        }
    }

    private static List<Firing> recent(WorkflowEngine engine) {
        return engine.schedules().find("a").orElseThrow().recent();
    }
}
