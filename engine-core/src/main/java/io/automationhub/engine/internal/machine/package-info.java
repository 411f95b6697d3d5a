/**
 * The pure interpreter of a workflow: what runs when, and what follows from what. A
 * {@link io.automationhub.engine.internal.machine.Plan} is a workflow compiled to arrays; a
 * {@link io.automationhub.engine.internal.machine.Machine} is one run of it.
 *
 * <p>There is no clock, thread, I/O, randomness, logging or store in here, and no executor is called: time and results
 * come in as arguments, and what is to be done goes out as packed numbers.
 */
@NullMarked
package io.automationhub.engine.internal.machine;

import org.jspecify.annotations.NullMarked;
