package io.automationhub.connectors.connection;

import java.time.Instant;
import java.util.Optional;

/**
 * How a connection with a circuit breaker fares, in all processes together.
 *
 * @param failures how many requests in a row have failed because of its server
 * @param pausedUntil until when it is left alone; empty if it is not
 */
public record ConnectionHealth(long failures, Optional<Instant> pausedUntil) {}
