package io.automationhub.engine.schedule;

import java.time.LocalDate;
import java.util.Optional;

/** Days on which business is closed. Implementations are safe for use by several threads, and answer fast: they are asked often. */
public interface BusinessCalendar {

    /**
     * Why a day is closed, such as {@code Christmas Day}; empty if it is open.
     *
     * @throws IllegalArgumentException if the calendar does not reach that far
     */
    Optional<String> closed(LocalDate date);

    /** What it closes, in a few words that go behind "not on": {@code public holidays of DE}. */
    String description();
}
