/**
 * Models, as the rest sees them: what they are asked, what they answer, what it used, and the SPI {@link
 * io.automationhub.ai.model.AgentProvider} of those who ask them.
 */
@NullMarked
package io.automationhub.ai.model;

import org.jspecify.annotations.NullMarked;
