/** Calls of models as observations of Micrometer, under OpenTelemetry's names. Needs micrometer-observation, which is optional. */
@NullMarked
package io.automationhub.ai.observe;

import org.jspecify.annotations.NullMarked;
