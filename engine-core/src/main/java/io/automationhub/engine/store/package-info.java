/**
 * Where runs are kept. {@link io.automationhub.engine.store.WorkflowStore} is the SPI,
 * {@link io.automationhub.engine.store.InMemoryWorkflowStore} the implementation for runs that need not survive their
 * process.
 */
@NullMarked
package io.automationhub.engine.store;

import org.jspecify.annotations.NullMarked;
