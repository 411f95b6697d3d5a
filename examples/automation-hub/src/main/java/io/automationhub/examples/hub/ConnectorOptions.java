package io.automationhub.examples.hub;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.provider.ProviderConnectors;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.connection.AuthenticationMethods;
import io.automationhub.connectors.connection.Connection;
import io.automationhub.connectors.connection.InMemoryConnections;
import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.connectors.secret.EnvironmentSecrets;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.store.DocumentStore;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run may reach: connections from a file, their secrets from the environment, and addresses beside public ones. */
final class ConnectorOptions {

    private static final String SCRIPT = "--script";
    private static final EnvironmentSecrets SECRETS = new EnvironmentSecrets("SECRET_");

    @Option(
            names = "--connections",
            paramLabel = "FILE",
            description = "A JSON object with the connections that nodes may name, by their ids. A secret"
                    + " {\"$secret\": \"crm-token\"} in it is the environment variable SECRET_CRM_TOKEN.")
    private @Nullable String connections;

    @Option(
            names = "--allow-host",
            paramLabel = "HOST",
            description = "A host that requests may reach although its address is not public. May be repeated.")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--allow-address",
            paramLabel = "RANGE",
            description =
                    "Addresses that requests may reach although they are not public, as 10.1.0.0/16. May be repeated.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = SCRIPT,
            paramLabel = "FILE",
            description =
                    "Rules by which nodes that call models are answered, in the place of all providers: no key is needed.")
    private @Nullable String script;

    @Mixin
    private ConnectorFiles connectors = new ConnectorFiles();

    /** The door of a run; who asked for it closes it. */
    HttpDoor door() {
        AddressGuard.Builder guard = AddressGuard.builder().settings("--allow-host %s", "--allow-address %s");
        allow("--allow-host", hosts, guard::allowHost);
        allow("--allow-address", addresses, guard::allowAddress);
        return HttpDoor.builder().addressGuard(guard.build()).build();
    }

    private static void allow(String option, List<String> values, Consumer<String> allowed) {
        try {
            values.forEach(allowed);
        } catch (IllegalArgumentException e) {
            throw JsonArgument.refused(option, ProblemCode.WRONG_TYPE, String.valueOf(e.getMessage()), null);
        }
    }

    /** The node types that reach other systems. */
    ConnectorsModule module(HttpDoor door) {
        List<Connector> known = connectors.read();
        ConnectorsModule.Builder module =
                ConnectorsModule.builder().door(door).connections(read(known)).secrets(SECRETS);
        known.forEach(module::connector);
        return module.build();
    }

    /** The node types that call models. */
    AiModule models(ConnectorsModule module, DocumentStore documents) {
        AiModule.Builder models = AiModule.builder(module).documents(documents);
        if (script == null) {
            return models.build();
        }
        Object file = JsonArgument.read(SCRIPT, "@" + script, JsonLimits.DEFAULT);
        try {
            return models.inPlaceOfAll(ScriptedProvider.of(file instanceof JsonObject rules ? rules : JsonObject.EMPTY))
                    .build();
        } catch (IllegalArgumentException e) {
            throw JsonArgument.refused(SCRIPT, ProblemCode.WRONG_TYPE, String.valueOf(e.getMessage()), null);
        }
    }

    private InMemoryConnections read(List<Connector> known) {
        InMemoryConnections all = new InMemoryConnections();
        if (connections == null) {
            return all;
        }
        Object file = JsonArgument.read("--connections", "@" + connections, JsonLimits.DEFAULT);
        if (!(file instanceof JsonObject byId)) {
            throw refused(
                    "The file has " + Json.typeName(file) + " where an object is expected",
                    "write {\"crm\": {\"baseUrl\": \"https://…\", \"auth\": {…}}}");
        }
        for (Map.Entry<String, @Nullable Object> entry : byId.entrySet()) {
            if (!(entry.getValue() instanceof JsonObject definition)) {
                throw refused("The connection '" + entry.getKey() + "' is no object", null);
            }
            try {
                all.put(
                        WorkflowEngine.DEFAULT_TENANT,
                        Connection.of(entry.getKey(), completed(definition, known), AuthenticationMethods.STANDARD));
            } catch (IllegalArgumentException e) {
                throw refused(String.valueOf(e.getMessage()), null);
            }
        }
        return all;
    }

    /** A connection that names one of the connectors has what that one knows. */
    private static JsonObject completed(JsonObject definition, List<Connector> known) {
        return Stream.concat(known.stream(), ProviderConnectors.all().stream())
                .filter(connector -> connector.id().equals(definition.get("connector")))
                .findFirst()
                .map(connector -> connector.connection(definition))
                .orElse(definition);
    }

    private static RuntimeException refused(String message, @Nullable String hint) {
        return JsonArgument.refused("--connections", ProblemCode.WRONG_TYPE, message, hint);
    }
}
