package io.automationhub.connectors.connection;

import java.time.Duration;

/**
 * How many requests a connection may begin in any time of a length, in all processes together.
 *
 * @param requests 1 or more
 * @param per longer than nothing
 */
record RequestRate(long requests, Duration per) {}
