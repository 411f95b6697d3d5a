/**
 * Agents that are defined once and asked by name: their definitions and presets, what they were asked and answered, and what that
 * took and cost. Each is a published workflow of one {@code ai.agent} node, so its executions are runs like any others.
 */
@NullMarked
package io.automationhub.ai.agent;

import org.jspecify.annotations.NullMarked;
