package io.automationhub.engine.expression;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What an expression can read while it is evaluated. Used by one thread at a time. */
public interface Environment {

    /** The value in a slot that a {@link ReferenceBinder} gave out. */
    @Nullable
    Object read(int slot);

    /** The time of the turn, in microseconds since 1970-01-01T00:00Z; the same for all expressions of a turn. */
    long epochMicros();

    /** Random numbers that come from the run's seed, so that the same turn has them again after a crash. */
    RandomGenerator random();
}
