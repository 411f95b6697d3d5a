/** Language models for workflows; {@link io.automationhub.ai.AiModule} installs them in an engine. */
@NullMarked
package io.automationhub.ai;

import org.jspecify.annotations.NullMarked;
