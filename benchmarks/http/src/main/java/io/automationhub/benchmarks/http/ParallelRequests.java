package io.automationhub.benchmarks.http;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;

/** Many requests at the same time to a server that takes five seconds for each. */
public final class ParallelRequests {

    private ParallelRequests() {}

    /** @param args how many; 1000 if none is given */
    public static void main(String[] args) throws IOException {
        int many = args.length > 0 ? Integer.parseInt(args[0]) : 1_000;
        try (ParallelRuns.Server server = ParallelRuns.Server.start(LoopbackServer.class, "5000");
                HttpDoor door = HttpDoor.builder()
                        .addressGuard(AddressGuard.builder()
                                .allowAddress("127.0.0.0/8")
                                .build())
                        .build();
                WorkflowEngine engine = WorkflowEngine.builder()
                        .install(ConnectorsModule.builder().door(door).build())
                        .build()) {
            Workflow workflow = Workflow.builder("fetch")
                    .start(NodeSpec.of("get", "http.request").with("url", server.url()))
                    .build();
            ParallelRuns.measure("requests", many, engine, workflow);
        }
    }
}
