/** Secrets: what only the authentication of a connection ever reads. */
@NullMarked
package io.automationhub.connectors.secret;

import org.jspecify.annotations.NullMarked;
