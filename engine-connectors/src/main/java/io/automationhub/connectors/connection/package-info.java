/**
 * Connections: configured ways to other systems, each with its address, its authentication and its secrets. A workflow names
 * one by its id and never sees what it has.
 */
@NullMarked
package io.automationhub.connectors.connection;

import org.jspecify.annotations.NullMarked;
