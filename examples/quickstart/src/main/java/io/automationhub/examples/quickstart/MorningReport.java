package io.automationhub.examples.quickstart;

import static io.automationhub.engine.nodes.Nodes.node;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.schedule.CalendarRule;
import io.automationhub.engine.schedule.CronDialect;
import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.ScheduleStatus;
import io.automationhub.engine.schedule.WorkflowSchedule;
import io.automationhub.engine.workflow.Workflow;
import java.time.Duration;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** A report that is made each working morning; and, so that there is something to see, each second. */
public final class MorningReport {

    private MorningReport() {}

    /** Prints when it would be made, and makes it twice. */
    public static void main(String[] args) throws InterruptedException {
        CountDownLatch made = new CountDownLatch(2);
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node("report.make", context -> {
                    System.out.println("The report of " + context.text("for"));
                    made.countDown();
                    return null;
                })
                .build()) {
            engine.workflows()
                    .publish(Workflow.builder("report")
                            .start(node("make", "report.make").with("for", "{{input.plannedAt}}"))
                            .build());

            ScheduleRule mornings = ScheduleRule.cron(CronDialect.UNIX, "0 9 * * MON-FRI")
                    .zone("Europe/Berlin")
                    .closedOn(new CalendarRule.Dates(
                            Set.of(LocalDate.of(2030, 6, 21)), Set.of(MonthDay.of(12, 24)), "works holidays"))
                    .build();
            System.out.println(engine.schedules().describe(mornings));
            engine.schedules()
                    .preview(mornings, "morning-report", 5)
                    .forEach(firing -> System.out.println(
                            "  " + firing.planned() + " " + firing.outcome().text() + " " + firing.reason()));
            ScheduleStatus kept = engine.schedules().save(WorkflowSchedule.of("morning-report", "report", mornings));
            System.out.println("Next at " + kept.next());

            ScheduleStatus unused = engine.schedules()
                    .save(WorkflowSchedule.of(
                            "each-second",
                            "report",
                            ScheduleRule.every(Duration.ofSeconds(1)).build()));
            made.await();
        }
    }
}
