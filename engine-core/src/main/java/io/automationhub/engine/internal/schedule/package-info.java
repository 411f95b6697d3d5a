/**
 * Fires schedules: what is due is decided and kept, and then begun, so that of several processes one begins it, once, and a crash at
 * any point loses and repeats nothing.
 */
@NullMarked
package io.automationhub.engine.internal.schedule;

import org.jspecify.annotations.NullMarked;
