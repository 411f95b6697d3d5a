package io.automationhub.benchmarks.http;

import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;

/** Many streams of a model at the same time, each of twenty pieces in five seconds. */
public final class ParallelStreams {

    private ParallelStreams() {}

    /** @param args how many; 1000 if none is given */
    public static void main(String[] args) throws IOException {
        int many = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        try (ParallelRuns.Server server = ParallelRuns.Server.start(ModelServer.class, "20", "250");
                HttpDoor door = HttpDoor.builder()
                        .addressGuard(AddressGuard.builder()
                                .allowAddress("127.0.0.0/8")
                                .build())
                        .build();
                WorkflowEngine engine = ModelWays.engine(door, server.url())) {
            Workflow workflow = Workflow.builder("ask")
                    .start(NodeSpec.of("ask", "ai.prompt")
                            .connection("model")
                            .with("model", "bench")
                            .with("prompt", "Tell me.")
                            .with("stream", true))
                    .build();
            ParallelRuns.measure("streams", many, engine, workflow);
        }
    }
}
