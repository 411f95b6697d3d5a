package io.automationhub.examples.hub;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code schema}: prints the JSON Schema of workflow files, for editors that complete and check JSON. */
@Command(name = "schema", description = "Prints the JSON Schema of workflow files.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class SchemaCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConnectorFiles connectors;

    @Override
    public void run() {
        try (WorkflowEngine engine = HubCommand.engineOfTypes(connectors.read())) {
            spec.commandLine().getOut().println(Json.writePretty(engine.workflowSchema()));
        }
    }
}
