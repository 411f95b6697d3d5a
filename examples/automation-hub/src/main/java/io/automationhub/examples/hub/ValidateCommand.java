package io.automationhub.examples.hub;

import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.InvalidWorkflowException;
import io.automationhub.engine.workflow.Problem;
import io.automationhub.engine.workflow.WorkflowJson;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code validate FILE…}: prints what is wrong with workflow files as a JSON array on standard output. */
@Command(
        name = "validate",
        description = "Checks workflow files. Exit code: 0 no errors, 2 errors.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields.
final class ValidateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The workflow files.")
    private List<Path> files;

    @Mixin
    private ConnectorFiles connectors;

    @Override
    public Integer call() {
        List<JsonObject> found = new ArrayList<>();
        boolean errors = false;
        try (WorkflowEngine engine = HubCommand.engineOfTypes(connectors.read())) {
            for (Path file : files) {
                for (Problem problem : problems(engine, file)) {
                    errors |= problem.isError();
                    found.add(withFile(file, problem));
                }
            }
        }
        spec.commandLine().getOut().println(Json.writePretty(Json.of(found)));
        return errors ? HubCommand.INVALID : HubCommand.OK;
    }

    private static List<Problem> problems(WorkflowEngine engine, Path file) {
        try {
            return engine.validate(WorkflowJson.read(file));
        } catch (InvalidWorkflowException e) {
            return e.problems();
        }
    }

    private static JsonObject withFile(Path file, Problem problem) {
        JsonObject.Builder json = JsonObject.builder().put("file", file.toString());
        problem.toJson().forEach(json::put);
        return json.build();
    }
}
