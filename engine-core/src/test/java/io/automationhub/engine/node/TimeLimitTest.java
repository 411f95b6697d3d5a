package io.automationhub.engine.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The only clock here is the machine's, so the limits are short, and the tests wait for what they do. */
@Timeout(20)
class TimeLimitTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @ValueSource(strings = {"PT0.02S", "PT0S", "PT-1S", "PT-2562047788015215H"})
    void itsActionRunsOnce_whenItsTimeIsOver(String time) throws InterruptedException {
        AtomicInteger times = new AtomicInteger();
        CountDownLatch over = new CountDownLatch(1);
        try (TimeLimit limit = TimeLimit.of(Duration.parse(time), () -> {
            times.incrementAndGet();
            over.countDown();
        })) {
            assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(limit.isOver()).isTrue();
        }
        assertThat(times).hasValue(1);
    }

    @Test
    void aClosedOneDoesNothing() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        TimeLimit limit = TimeLimit.of(Duration.ofMillis(100), () -> done.set(true));
        limit.close();
        limit.close();

        awaitOver(Duration.ofMillis(150));
        assertThat(done).isFalse();
        assertThat(limit.isOver()).isFalse();
    }

    @Test
    void thousandsOfLongOnes_doNotDelayAShortOne() throws InterruptedException {
        List<TimeLimit> others = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            others.add(TimeLimit.of(HOUR, () -> {}));
        }
        // The machine may be slow once, or twice.
        long fastest = Long.MAX_VALUE;
        for (int i = 0; i < 10 && fastest > Duration.ofMillis(200).toNanos(); i++) {
            long begun = System.nanoTime();
            awaitOver(Duration.ofMillis(20));
            fastest = Math.min(fastest, System.nanoTime() - begun);
        }
        others.forEach(TimeLimit::close);
        assertThat(fastest)
                .isBetween(
                        Duration.ofMillis(20).toNanos(), Duration.ofMillis(200).toNanos());
        assertThat(others).noneMatch(TimeLimit::isOver);
    }

    @Test
    void longerThanTheClockCounts_isAsLongAsItCounts() throws InterruptedException {
        try (TimeLimit limit = TimeLimit.of(Duration.ofSeconds(Long.MAX_VALUE), () -> {})) {
            awaitOver(Duration.ofMillis(20));
            assertThat(limit.isOver()).isFalse();
        }
    }

    @Test
    void anActionThatFails_endsNoOtherLimit() throws InterruptedException {
        try (TimeLimit failing = TimeLimit.of(Duration.ZERO, () -> {
                    throw new IllegalStateException("on purpose");
                });
                TimeLimit broken = TimeLimit.of(Duration.ZERO, () -> {
                    throw new AssertionError("on purpose");
                })) {
            awaitOver(Duration.ofMillis(20));
            awaitOver(Duration.ofMillis(20));
            assertThat(failing.isOver()).isTrue();
            assertThat(broken.isOver()).isTrue();
        }
    }

    @Test
    void closing_waitsForAnActionAtWork() throws InterruptedException {
        CountDownLatch atWork = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        TimeLimit limit = TimeLimit.of(Duration.ZERO, () -> {
            atWork.countDown();
            awaitQuietly(goOn);
            ended.set(true);
        });
        atWork.await();
        AtomicBoolean endedBefore = new AtomicBoolean();
        Thread closing = new Thread(() -> {
            limit.close();
            endedBefore.set(ended.get());
        });
        closing.start();
        while (closing.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        closing.join();
        assertThat(endedBefore).isTrue();
    }

    private static void awaitOver(Duration time) throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        TimeLimit limit = TimeLimit.of(time, over::countDown);
        assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(limit.isOver()).isTrue();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
