package io.automationhub.ai;

import io.automationhub.ai.agent.AgentEvents;
import io.automationhub.ai.agent.AgentOrchestrator;
import io.automationhub.ai.budget.Budget;
import io.automationhub.ai.budget.Budgets;
import io.automationhub.ai.budget.TokenRates;
import io.automationhub.ai.call.AnswerCache;
import io.automationhub.ai.call.CallServices;
import io.automationhub.ai.call.ModelCaller;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.call.RetryDelays;
import io.automationhub.ai.catalog.ModelCatalog;
import io.automationhub.ai.catalog.PriceTable;
import io.automationhub.ai.guard.Guardrail;
import io.automationhub.ai.guard.GuardrailSet;
import io.automationhub.ai.memory.Conversations;
import io.automationhub.ai.model.AgentProvider;
import io.automationhub.ai.node.AgentNode;
import io.automationhub.ai.node.ClassifyNode;
import io.automationhub.ai.node.ExtractNode;
import io.automationhub.ai.node.ModelNodes;
import io.automationhub.ai.node.PromptNode;
import io.automationhub.ai.node.ToolNode;
import io.automationhub.ai.provider.ChatQuirks;
import io.automationhub.ai.provider.HttpProvider;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.ai.tool.StandardTools;
import io.automationhub.ai.tool.ToolSet;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.ConnectionClient;
import io.automationhub.engine.EngineModule;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.store.InMemoryDocumentStore;
import io.automationhub.engine.value.JsonArray;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The node types that call language models, to be installed by {@link WorkflowEngine.Builder#install}. Providers are reached through
 * the connections of a {@link ConnectorsModule}, whose {@code connector} says which provider it is. Immutable; one module may be
 * installed in several engines.
 */
public final class AiModule implements EngineModule {

    private final ModelNodes nodes;
    private final Budgets budgets;
    private final ToolSet tools;
    private final Conversations conversations;
    private final DocumentStore documents;
    private final AgentEvents events = new AgentEvents();

    private AiModule(Builder builder) {
        ConnectionClient client = builder.connectors.client();
        tools = new ToolSet(allTools(builder.tools, StandardTools.all(client)));
        Map<String, AgentProvider> providers = new LinkedHashMap<>();
        providers.put("openai", HttpProvider.openAi(client, builder.models));
        providers.put("openai-compatible", HttpProvider.chat(client, builder.models, ChatQuirks.COMPATIBLE));
        providers.put("anthropic", HttpProvider.anthropic(client, builder.models));
        providers.put("gemini", HttpProvider.gemini(client, builder.models));
        providers.putAll(builder.providers);
        documents = builder.documents;
        conversations = new Conversations(builder.documents);
        budgets = new Budgets(builder.documents, builder.budgets);
        CallServices services = new CallServices(
                builder.models,
                builder.prices,
                budgets,
                new GuardrailSet(builder.input, builder.output),
                builder.cache,
                builder.retries,
                listeners(builder.listeners));
        nodes = new ModelNodes(
                new ModelCaller(services),
                client,
                new TokenRates(builder.documents, builder.tokenRates),
                providers,
                builder.inPlaceOfAll);
    }

    /** A host's tool of the same name stands in the place of one of the library's. */
    private static List<AgentTool> allTools(List<AgentTool> hosts, List<AgentTool> standard) {
        Set<String> names =
                hosts.stream().map(tool -> tool.declaration().name()).collect(Collectors.toSet());
        List<AgentTool> all = new ArrayList<>(hosts);
        standard.stream()
                .filter(tool -> !names.contains(tool.declaration().name()))
                .forEach(all::add);
        return all;
    }

    private List<ModelListener> listeners(List<ModelListener> hosts) {
        List<ModelListener> all = new ArrayList<>(hosts);
        all.add(events);
        return all;
    }

    /** @param connectors with the connections by which providers are reached */
    public static Builder builder(ConnectorsModule connectors) {
        return new Builder(connectors);
    }

    @Override
    public void install(WorkflowEngine.Builder engine) {
        engine.node(PromptNode.TYPE, new PromptNode(nodes));
        engine.node(ExtractNode.TYPE, new ExtractNode(nodes));
        engine.node(ClassifyNode.TYPE, new ClassifyNode(nodes));
        for (AgentTool tool : tools.all()) {
            ToolNode node = new ToolNode(tool);
            engine.node(node.type(), node);
        }
        engine.node(AgentNode.TYPE, new AgentNode(nodes, tools, conversations, engine.nodeTypes()));
    }

    /**
     * The agents of a tenant.
     *
     * @param engine in which this module is installed
     */
    public AgentOrchestrator agents(WorkflowEngine engine, String tenant) {
        return new AgentOrchestrator(engine, tenant, documents, conversations, events);
    }

    /** The agents of the tenant that is there without saying. */
    public AgentOrchestrator agents(WorkflowEngine engine) {
        return agents(engine, WorkflowEngine.DEFAULT_TENANT);
    }

    /** The tools that agents may name. */
    public ToolSet toolSet() {
        return tools;
    }

    /** What was said to agents, and by them, where they remember it. */
    public Conversations conversations() {
        return conversations;
    }

    /** How much was used of budgets, and may be. */
    public Budgets budgets() {
        return budgets;
    }

    /** What the node types work with. */
    public static final class Builder {

        private final ConnectorsModule connectors;
        private final Map<String, AgentProvider> providers = new LinkedHashMap<>();
        private final List<AgentTool> tools = new ArrayList<>();
        private final List<ModelListener> listeners = new ArrayList<>();
        private ModelCatalog models = ModelCatalog.standard();
        private PriceTable prices = PriceTable.standard();
        private RetryDelays retries = RetryDelays.STANDARD;

        private final List<Budget> budgets = new ArrayList<>();
        private final Map<String, TokenRates.Rate> tokenRates = new LinkedHashMap<>();
        private final List<Guardrail> input = new ArrayList<>();
        private final List<Guardrail> output = new ArrayList<>();
        private AnswerCache cache = new AnswerCache(1_000, Duration.ofHours(1));
        private DocumentStore documents = new InMemoryDocumentStore();
        private @Nullable AgentProvider inPlaceOfAll;

        private Builder(ConnectorsModule connectors) {
            this.connectors = connectors;
        }

        /** A provider of the host's, under a name that nodes and connections have; one of the library's may be replaced. */
        public Builder provider(String name, AgentProvider provider) {
            providers.put(name, provider);
            return this;
        }

        /**
         * Asks this provider in the place of all that nodes name, without connections: for tests, and for runs without a key by a
         * {@link io.automationhub.ai.scripted.ScriptedProvider}.
         */
        public Builder inPlaceOfAll(AgentProvider provider) {
            inPlaceOfAll = provider;
            return this;
        }

        /**
         * Adds to what is known of models; these rows come before the library's.
         *
         * @param rows as {@link ModelCatalog} says
         * @throws IllegalArgumentException if one is none
         */
        public Builder models(JsonArray rows) {
            models = models.with(rows);
            return this;
        }

        /**
         * Adds to what is known of prices; these rows come before the library's.
         *
         * @param rows as {@link PriceTable} says
         * @throws IllegalArgumentException if one is none
         */
        public Builder prices(JsonArray rows) {
            prices = prices.with(rows);
            return this;
        }

        /** Adds a budget to which each request must keep. */
        public Builder budget(Budget budget) {
            budgets.add(budget);
            return this;
        }

        /**
         * Bounds how many tokens requests through a connection may use in any time of some length; those that are too many wait for
         * their place, without a thread.
         */
        public Builder tokenRate(String connection, TokenRates.Rate rate) {
            tokenRates.put(connection, rate);
            return this;
        }

        /** Adds a guardrail that looks at everything that goes to a model. */
        public Builder inputGuardrail(Guardrail guardrail) {
            input.add(guardrail);
            return this;
        }

        /** Adds a guardrail that looks at everything that a model answers; nobody hears a piece of it before. */
        public Builder outputGuardrail(Guardrail guardrail) {
            output.add(guardrail);
            return this;
        }

        /** Where answers are that nodes with {@code cache} may take again; a thousand of the last hour by default. */
        public Builder cache(AnswerCache answers) {
            cache = answers;
            return this;
        }

        /**
         * Where processes count together what they use of budgets, and keep agents and conversations. Without it each does so for itself, in
         * memory.
         */
        public Builder documents(DocumentStore shared) {
            documents = shared;
            return this;
        }

        /** How requests are made again that failed and may succeed. */
        public Builder retries(RetryDelays delays) {
            retries = delays;
            return this;
        }

        /** Makes a tool known: agents may then name it, and it is a node type {@code tool.<name>} as well. */
        public Builder tool(AgentTool tool) {
            tools.add(tool);
            return this;
        }

        /**
         * Makes the methods of an object known that are tools.
         *
         * @throws IllegalArgumentException as {@link AgentTool#methodsOf}
         */
        public Builder tools(Object object) {
            tools.addAll(AgentTool.methodsOf(object));
            return this;
        }

        /** Adds one who hears of calls. */
        public Builder listener(ModelListener listener) {
            listeners.add(listener);
            return this;
        }

        /** @throws IllegalArgumentException if two tools have the same name, or one's parameters are no schema of an object */
        public AiModule build() {
            return new AiModule(this);
        }
    }
}
