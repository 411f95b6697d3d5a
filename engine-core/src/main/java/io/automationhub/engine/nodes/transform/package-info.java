/**
 * The node {@code transform}: a list goes through steps, item by item. {@link
 * io.automationhub.engine.nodes.transform.Operation} says what steps there are; each opens an {@link
 * io.automationhub.engine.nodes.transform.ItemSink} that takes items and passes on what becomes of them, so that no step
 * keeps the whole list unless it must.
 */
@NullMarked
package io.automationhub.engine.nodes.transform;

import org.jspecify.annotations.NullMarked;
