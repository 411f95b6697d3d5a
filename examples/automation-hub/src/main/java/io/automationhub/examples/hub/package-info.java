/** The hub: a host application of the engine, on its public API only. {@code HubCommand} is its command line. */
@NullMarked
package io.automationhub.examples.hub;

import org.jspecify.annotations.NullMarked;
