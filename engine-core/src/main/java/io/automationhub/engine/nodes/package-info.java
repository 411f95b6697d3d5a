/**
 * The built-in nodes. {@link io.automationhub.engine.nodes.Nodes} has a method for each, to write workflows in Java;
 * {@link io.automationhub.engine.nodes.BuiltInNodes} registers their executors.
 */
@NullMarked
package io.automationhub.engine.nodes;

import org.jspecify.annotations.NullMarked;
