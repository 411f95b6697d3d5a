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
        StringBuilder yaml = new StringBuilder("""
                document:
                  dsl: '1.0.0'
                  namespace: benchmark
                  name: chain
                  version: '0.1.0'
                do:
                """);
        for (int i = 0; i < length; i++) {
            yaml.append("  - n").append(i).append(":\n      call: inc\n");
        }
        try {
            Workflow workflow = WorkflowReader.readWorkflowFromString(yaml.toString(), WorkflowFormat.YAML);
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
