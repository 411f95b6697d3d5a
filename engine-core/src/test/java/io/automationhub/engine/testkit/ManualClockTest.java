package io.automationhub.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManualClockTest {

    private final ManualClock clock = new ManualClock();
    private final List<String> ran = new ArrayList<>();

    @Test
    void whatIsDueOnTheWayRunsInTheOrderOfTimeAndThenOfAsking() {
        clock.wakeAt(20, () -> ran.add("20 at " + clock.nanos()));
        clock.wakeAt(10, () -> ran.add("10 at " + clock.nanos()));
        clock.wakeAt(10, () -> ran.add("10 again"));
        clock.wakeAt(31, () -> ran.add("too late"));
        clock.advance(Duration.ofNanos(30));
        assertThat(ran).containsExactly("10 at 10", "10 again", "20 at 20");
        assertThat(clock.nanos()).isEqualTo(30);
        assertThat(clock.timers()).isEqualTo(1);
    }

    /** Another thread may have advanced the clock meanwhile; the action must not wait for the next time that it does. */
    @Test
    void whatIsDueAlreadyRunsAtOnce() {
        clock.advance(Duration.ofNanos(30));
        clock.wakeAt(30, () -> ran.add("now"));
        clock.wakeAt(29, () -> ran.add("before"));
        assertThat(ran).containsExactly("now", "before");
        assertThat(clock.timers()).isZero();
    }

    @Test
    void aWithdrawnActionDoesNotRun() {
        clock.wakeAt(10, () -> ran.add("withdrawn")).run();
        clock.advance(Duration.ofNanos(30));
        assertThat(ran).isEmpty();
    }
}
