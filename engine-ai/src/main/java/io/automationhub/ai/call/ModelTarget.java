package io.automationhub.ai.call;

import io.automationhub.ai.model.AgentProvider;
import io.automationhub.connectors.connection.Connection;
import java.util.Optional;

/**
 * A model that may answer.
 *
 * @param name of the provider
 * @param connection by which it is reached; empty if it needs none
 * @param model its name, as the provider has it
 */
public record ModelTarget(String name, AgentProvider provider, Optional<Connection> connection, String model) {}
