/** How much may be used of models: reserved before a request, settled after it, counted together by all processes. */
@NullMarked
package io.automationhub.ai.budget;

import org.jspecify.annotations.NullMarked;
