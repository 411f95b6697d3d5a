/**
 * Connectors: what another system can do, as a definition from a file. Each of its operations is a node type with a typed
 * configuration, documentation and a typed result.
 */
@NullMarked
package io.automationhub.connectors.connector;

import org.jspecify.annotations.NullMarked;
