/**
 * The SPI for nodes. A {@link io.automationhub.engine.node.NodeExecutor} is what a type of node does; the
 * {@link io.automationhub.engine.node.NodeExecutorRegistry} holds those of an engine; an
 * {@link io.automationhub.engine.node.ExecutionContext} is what an executor sees of its run, and a
 * {@link io.automationhub.engine.node.NodeResult} what it gives back. A {@link io.automationhub.engine.node.TimeLimit} ends
 * what an executor waits for.
 */
@NullMarked
package io.automationhub.engine.node;

import org.jspecify.annotations.NullMarked;
