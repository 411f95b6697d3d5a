package io.automationhub.engine.schedule;

import java.time.YearMonth;

/** Which days of a month count, of those that a cron expression names and others. */
interface DayFilter {

    /** The days of the month on which it fires, as bits: bit 1 is the first day. */
    int days(YearMonth month);
}
