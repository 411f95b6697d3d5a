/** The node type {@code http.request}: what it sends, how it reads answers, and how it goes through pages. */
@NullMarked
package io.automationhub.connectors.request;

import org.jspecify.annotations.NullMarked;
