package io.automationhub.examples.hub;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.agent.AIAgent;
import io.automationhub.ai.agent.AgentOrchestrator;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.error.EngineException;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.ProblemCode;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What an engine of this command line has: what it may reach, its agents, where it keeps what it knows, and its outbox. */
final class EngineOptions {

    private static final String AGENT = "--agent";

    @Mixin
    private ConnectorOptions reach = new ConnectorOptions();

    @Option(
            names = AGENT,
            paramLabel = "FILE",
            arity = "1..*",
            description = "Definitions of agents, which workflows call as agent.ID.")
    private List<String> agents = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            description = "Keeps runs, agents and conversations in a database in this folder; in memory if not given.")
    private @Nullable Path data;

    @Option(
            names = "--outbox",
            paramLabel = "FOLDER",
            defaultValue = "outbox",
            description = "Where nodes mail.outbox put their mails as .eml files; ./outbox if not given.")
    private Path outbox = Path.of("outbox");

    /** The engine; who asked for it closes it. */
    HubEngine open(WorkflowEngine.Builder building) {
        HttpDoor door = reach.door();
        try {
            ConnectorsModule connectors = reach.module(door);
            DocumentStore documents = documents(building);
            AiModule models = reach.models(connectors, documents);
            WorkflowEngine engine = building.install(connectors)
                    .install(models)
                    .node(OutboxNode.TYPE, new OutboxNode(outbox))
                    .build();
            HubEngine hub = new HubEngine(door, engine, models);
            agents.forEach(file -> define(hub.agents(), file));
            return hub;
        } catch (RuntimeException e) {
            door.close();
            throw e;
        }
    }

    private DocumentStore documents(WorkflowEngine.Builder building) {
        if (data == null) {
            return new InMemoryDocumentStore();
        }
        JdbcDataSource source = new JdbcDataSource();
        // The process ends when the command does, so the database is closed with its last connection and not before.
        source.setURL("jdbc:h2:file:" + data.toAbsolutePath().resolve("hub") + ";DB_CLOSE_DELAY=-1");
        JdbcWorkflowStore store = JdbcWorkflowStore.create(source);
        building.store(store);
        return store.documents();
    }

    private static void define(AgentOrchestrator known, String file) {
        AIAgent agent = agent(file);
        try {
            AIAgent unused = known.find(agent.id()).isPresent() ? known.update(agent) : known.create(agent);
        } catch (EngineException e) {
            throw JsonArgument.refused(AGENT, ProblemCode.INVALID_CONFIG, file + ": " + e.getMessage(), null);
        }
    }

    /** The definition in a file. */
    static AIAgent agent(String file) {
        Object json = JsonArgument.read(AGENT, "@" + file, JsonLimits.DEFAULT);
        try {
            return AIAgent.of(json instanceof JsonObject object ? object : JsonObject.EMPTY);
        } catch (IllegalArgumentException e) {
            throw JsonArgument.refused(AGENT, ProblemCode.WRONG_TYPE, file + ": " + e.getMessage(), null);
        }
    }
}
