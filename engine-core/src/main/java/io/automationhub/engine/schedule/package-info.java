/**
 * When workflows run by themselves: cron expressions, intervals and instants in time zones, with calendars, and what becomes of
 * firings that cannot be as planned. Here is only what can be computed; the runtime fires.
 */
@NullMarked
package io.automationhub.engine.schedule;

import org.jspecify.annotations.NullMarked;
