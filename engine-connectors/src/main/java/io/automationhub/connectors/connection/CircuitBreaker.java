package io.automationhub.connectors.connection;

import java.time.Duration;

/**
 * When a connection is left alone because its server fails.
 *
 * @param failures how many in a row make it so, 1 or more
 * @param pause how long it is left alone, before one request tries whether the server is back
 */
record CircuitBreaker(int failures, Duration pause) {}
