/**
 * What happens in other systems, as connectors see it: {@link io.automationhub.connectors.event.EventPolls} asks for it from time
 * to time, and starts the workflows whose trigger waits for it.
 */
@NullMarked
package io.automationhub.connectors.event;

import org.jspecify.annotations.NullMarked;
