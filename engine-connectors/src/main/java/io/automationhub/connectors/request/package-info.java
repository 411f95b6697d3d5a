/**
 * The node types {@code http.request} and {@code graphql.request}: what they send, how they read answers, and how they go through
 * pages.
 */
@NullMarked
package io.automationhub.connectors.request;

import org.jspecify.annotations.NullMarked;
