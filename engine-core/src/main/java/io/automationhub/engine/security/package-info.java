/** What leaves a node is looked at here before it is kept: {@link io.automationhub.engine.security.OutputFilter}. */
@NullMarked
package io.automationhub.engine.security;

import org.jspecify.annotations.NullMarked;
