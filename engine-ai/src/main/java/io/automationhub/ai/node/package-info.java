/** The node types that call models. */
@NullMarked
package io.automationhub.ai.node;

import org.jspecify.annotations.NullMarked;
