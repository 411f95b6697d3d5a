/** What lets workflows reach other systems; {@link io.automationhub.connectors.ConnectorsModule} installs it in an engine. */
@NullMarked
package io.automationhub.connectors;

import org.jspecify.annotations.NullMarked;
