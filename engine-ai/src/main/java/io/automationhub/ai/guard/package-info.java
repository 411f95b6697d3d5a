/** What may be said to models, and by them: the SPI {@link io.automationhub.ai.guard.Guardrail}, and the ones that come with it. */
@NullMarked
package io.automationhub.ai.guard;

import org.jspecify.annotations.NullMarked;
