/**
 * Calls that come in: a host hands them to {@link io.automationhub.connectors.webhook.Webhooks}, which checks who sent them and
 * starts the workflows that wait for them at their trigger {@code trigger.webhook}.
 */
@NullMarked
package io.automationhub.connectors.webhook;

import org.jspecify.annotations.NullMarked;
