package io.automationhub.engine.internal.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.automationhub.engine.schedule.ScheduleRule;
import io.automationhub.engine.schedule.Upstream;
import io.automationhub.engine.schedule.WorkflowSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleStateTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static final WorkflowSchedule SCHEDULE = WorkflowSchedule.of(
            "a",
            "tick",
            ScheduleRule.after(new Upstream(List.of("import"), true, true, null))
                    .build());

    @Test
    void whatIsToBeginIsNotForgottenWhenMoreIsDecided_orTheScheduleChanges() {
        ScheduleState failing =
                ScheduleState.of(SCHEDULE, NOON).decided(NOON, List.of(NOON)).failed("too many runs");
        WorkflowSchedule other =
                SCHEDULE.rule(ScheduleRule.every(Duration.ofHours(1)).build());
        ScheduleState changed = failing.changed(other, NOON.plusSeconds(60));
        assertThat(changed.decided(NOON.plusSeconds(60), List.of()).decided()).containsExactly(NOON);
        assertThat(changed.decided(NOON.plusSeconds(60), List.of(NOON.plusSeconds(60)))
                        .decided())
                .containsExactly(NOON, NOON.plusSeconds(60));
    }

    @Test
    void itIsReadAsItIsWritten() {
        ScheduleState state = ScheduleState.of(SCHEDULE.tag("x").input("y"), NOON)
                .decided(NOON, List.of(NOON))
                .queued(NOON.plusSeconds(1))
                .next(NOON.plusSeconds(2))
                .failed("too many runs");
        assertThat(ScheduleState.of(state.toJson())).isEqualTo(state);
    }
}
