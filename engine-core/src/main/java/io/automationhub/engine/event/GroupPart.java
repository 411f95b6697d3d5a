package io.automationhub.engine.event;

import io.automationhub.engine.value.JsonArray;
import org.jspecify.annotations.Nullable;

/**
 * What an iteration of a distributed group runs as a run of its own: the body of a group in the workflow of the run that began
 * it.
 *
 * @param group the id of the group
 * @param index the position of the item
 * @param captured what the body's expressions read of what stands around it, in the order in which the workflow was compiled
 */
public record GroupPart(String group, int index, @Nullable Object item, JsonArray captured) {}
