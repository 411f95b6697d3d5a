package io.automationhub.benchmarks.memory;

import io.serverlessworkflow.api.WorkflowFormat;
import io.serverlessworkflow.api.WorkflowReader;
import io.serverlessworkflow.api.types.Workflow;
import io.serverlessworkflow.impl.WorkflowApplication;
import io.serverlessworkflow.impl.WorkflowDefinition;
import java.io.IOException;
import java.util.Map;
import java.util.function.LongSupplier;

/** The Java SDK of CNCF Serverless Workflow, with Java code as the nodes: see {@link IncrementTask}. */
final class ServerlessWorkflow implements Contender {

    private final WorkflowApplication application =
            WorkflowApplication.builder().disableLifeCycleCEPublishing().build();

    @Override
    public LongSupplier chain(int length) {
        StringBuilder tasks = new StringBuilder();
        for (int i = 0; i < length; i++) {
            tasks.append("  - n").append(i).append(": {call: inc}\n");
        }
        return run("chain", tasks);
    }

    @Override
    public LongSupplier fan(int width) {
        StringBuilder tasks = new StringBuilder("""
                  - n0: {call: inc}
                  - all:
                      fork:
                        compete: false
                        branches:
                """);
        for (int i = 0; i < width; i++) {
            tasks.append("          - b").append(i).append(": {call: inc}\n");
        }
        return run("fan", tasks.append("  - join: {call: sum}\n"));
    }

    @Override
    public LongSupplier diamond() {
        return run("diamond", new StringBuilder("""
                          - n0: {call: inc}
                          - choose:
                              switch:
                                - yes: {when: '${ .v >= 0 }', then: n1}
                                - no: {then: n2}
                          - n1: {call: inc, then: n3}
                          - n2: {call: inc}
                          - n3: {call: inc}
                        """));
    }

    private LongSupplier run(String name, StringBuilder tasks) {
        String head = """
                document:
                  dsl: '1.0.0'
                  namespace: benchmark
                  name: %s
                  version: '0.1.0'
                do:
                """;
        try {
            Workflow workflow =
                    WorkflowReader.readWorkflowFromString(head.formatted(name) + tasks, WorkflowFormat.YAML);
            WorkflowDefinition definition = application.workflowDefinition(workflow);
            return () -> definition
                    .instance(Map.of("v", 0L))
                    .start()
                    .join()
                    .asMap()
                    .map(state -> ((Number) state.get("v")).longValue())
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        application.close();
    }
}
