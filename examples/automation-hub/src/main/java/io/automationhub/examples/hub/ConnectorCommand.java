package io.automationhub.examples.hub;

import io.automationhub.connectors.connector.Connector;
import io.automationhub.connectors.connector.ConnectorReview;
import io.automationhub.connectors.openapi.OpenApiConnector;
import io.automationhub.engine.value.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code connector FILE}: makes a connector file of an OpenAPI document, and prints as JSON what there is to know before it is
 * used.
 */
@Command(
        name = "connector",
        description = "Makes a connector file of an OpenAPI document, and shows its servers, scopes and operations."
                + " Exit code: 0 read, 2 invalid.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class ConnectorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The OpenAPI document, in JSON or YAML.")
    private Path file;

    @Option(
            names = "--id",
            paramLabel = "ID",
            required = true,
            description = "The first part of its node types: lower-case letters, digits and hyphens.")
    private String id;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            description = "Where its paths begin; the first server of the document if not given.")
    private @Nullable String baseUrl;

    @Option(
            names = "--only",
            paramLabel = "NAME",
            arity = "1..*",
            description = "The operations to take, by their ids or tags; all if not given.")
    private List<String> only = List.of();

    @Option(names = "--out", paramLabel = "CONNECTOR", description = "Where to write the connector file.")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException {
        PrintWriter printer = spec.commandLine().getOut();
        Set<String> names = new HashSet<>(only);
        OpenApiConnector.Choice choice =
                new OpenApiConnector.Choice(id, baseUrl, name -> names.isEmpty() || names.contains(name));
        OpenApiConnector read = OpenApiConnector.read(text(), choice);
        Connector connector = read.connector();
        if (out != null) {
            Files.writeString(out, Json.writePretty(connector.json()) + System.lineSeparator());
        }
        printer.println(
                Json.writePretty(ConnectorReview.of(connector, null).json().with("notes", read.notes())));
        return HubCommand.OK;
    }

    private String text() throws IOException {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IOException(
                    "The file '" + file + "' cannot be read: " + e.getClass().getSimpleName()
                            + "; check the path; the file must be text in UTF-8",
                    e);
        }
    }
}
