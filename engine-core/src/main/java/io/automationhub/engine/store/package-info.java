/**
 * Where runs and files are kept. {@link io.automationhub.engine.store.WorkflowStore} is the SPI,
 * {@link io.automationhub.engine.store.InMemoryWorkflowStore} the implementation for runs that need not survive their
 * process. {@link io.automationhub.engine.store.BlobStore} is the SPI for files, with implementations in memory and in a
 * folder.
 */
@NullMarked
package io.automationhub.engine.store;

import org.jspecify.annotations.NullMarked;
