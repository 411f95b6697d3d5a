/**
 * The one door through which HTTP leaves the process: it looks at every address that it is about to connect to, keeps
 * credentials at their origin, and bounds what comes back.
 */
@NullMarked
package io.automationhub.connectors.http;

import org.jspecify.annotations.NullMarked;
