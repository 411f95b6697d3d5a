package io.automationhub.examples.hub;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.agent.AgentOrchestrator;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;

/** The engine of one command with all that it reaches; closing it closes all of it. */
final class HubEngine implements AutoCloseable {

    private final HttpDoor door;
    private final WorkflowEngine engine;
    private final AiModule models;

    HubEngine(HttpDoor door, WorkflowEngine engine, AiModule models) {
        this.door = door;
        this.engine = engine;
        this.models = models;
    }

    WorkflowEngine engine() {
        return engine;
    }

    AiModule models() {
        return models;
    }

    AgentOrchestrator agents() {
        return models.agents(engine);
    }

    @Override
    public void close() {
        engine.close();
        door.close();
    }
}
