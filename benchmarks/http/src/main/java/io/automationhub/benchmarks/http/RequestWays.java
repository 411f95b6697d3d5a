package io.automationhub.benchmarks.http;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The ways to get one JSON document from a server on loopback. Each gives the same value. */
final class RequestWays implements AutoCloseable {

    /** As many as the door keeps. */
    static final int IDLE_CONNECTIONS = 50;

    private final LoopbackServer server = new LoopbackServer(0);
    private final OkHttpClient client = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();
    private final Request request = new Request.Builder().url(server.url()).build();
    private final ExecutorService threads = BenchmarkThreads.perTask();
    private final HttpDoor door = HttpDoor.builder()
            .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
            .build();
    private final WorkflowEngine engine = engine().build();
    private final WorkflowEngine callersEngine = engine().callerRuns(true).build();
    private final Workflow workflow = Workflow.builder("fetch")
            .start(NodeSpec.of("get", "http.request").with("url", server.url()))
            .output("{{nodes.get.output.body}}")
            .build();

    /** Starts the server, and compares the answers. */
    RequestWays() throws IOException {
        Object expected = okHttp();
        for (Object answer : new Object[] {door(), workflow(), workflowOnTheCallersThread()}) {
            if (!expected.equals(answer)) {
                throw new IllegalStateException("The answers differ: " + expected + ", " + answer);
            }
        }
    }

    private WorkflowEngine.Builder engine() {
        return WorkflowEngine.builder()
                .install(ConnectorsModule.builder().door(door).build());
    }

    /** The bare client on the caller's thread, with the same JSON reader. */
    Object okHttp() throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return Json.parse(response.body().string());
        }
    }

    /** The bare client on a thread of its own, for whose end the caller waits, as a run gives each attempt one. */
    Object okHttpOnAThreadOfItsOwn() throws InterruptedException, ExecutionException {
        return threads.submit(this::okHttp).get();
    }

    /** The door on the caller's thread, which looks at addresses and bounds the answer. */
    Object door() {
        HttpCall call = HttpCall.of("benchmark", "GET", server.url()).header("accept", "application/json");
        try (HttpAnswer answer = door.send(call, CancelSignal.NONE)) {
            return Json.parse(new String(answer.bytes(), answer.charset()));
        }
    }

    /** A run of a workflow with one node, which has a thread of its own. */
    Object workflow() {
        return engine.run(workflow, null).orElseThrow().output();
    }

    /** A run of a workflow with one node, on the caller's thread. */
    Object workflowOnTheCallersThread() {
        return callersEngine.run(workflow, null).orElseThrow().output();
    }

    @Override
    public void close() throws IOException {
        engine.close();
        callersEngine.close();
        door.close();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        threads.shutdown();
        server.close();
    }
}
