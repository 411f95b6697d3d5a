/** What agents do with models: the tools that they may have called. */
@NullMarked
package io.automationhub.ai.tool;

import org.jspecify.annotations.NullMarked;
