package io.automationhub.examples.hub;

import io.automationhub.connectors.connector.Connector;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The connectors whose operations workflows may use as node types. */
final class ConnectorFiles {

    private static final String OPTION = "--connector";

    /** An OpenAPI document of a thousand operations makes a file of some megabytes. */
    private static final JsonLimits LIMITS = new JsonLimits(256L * 1024 * 1024, JsonLimits.DEFAULT.maxDepth());

    @Option(
            names = OPTION,
            paramLabel = "FILE",
            description = "A connector file, whose operations are node types. May be repeated.")
    private List<String> files = new ArrayList<>();

    List<Connector> read() {
        return files.stream().map(ConnectorFiles::connector).toList();
    }

    private static Connector connector(String file) {
        Object json = JsonArgument.read(OPTION, "@" + file, LIMITS);
        if (!(json instanceof JsonObject object)) {
            throw JsonArgument.refused(
                    OPTION,
                    ProblemCode.WRONG_TYPE,
                    "The file '" + file + "' has " + Json.typeName(json) + " where an object is expected",
                    null);
        }
        if (object.containsKey("openapi") || object.containsKey("swagger")) {
            throw JsonArgument.refused(
                    OPTION,
                    ProblemCode.WRONG_TYPE,
                    "The file '" + file + "' is an OpenAPI document",
                    "make a connector file of it: automation-hub connector FILE --id ID --out CONNECTOR");
        }
        try {
            return Connector.of(object);
        } catch (IllegalArgumentException e) {
            throw JsonArgument.refused(OPTION, ProblemCode.WRONG_TYPE, file + ": " + e.getMessage(), null);
        }
    }
}
