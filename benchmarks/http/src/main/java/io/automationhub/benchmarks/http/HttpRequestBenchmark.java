package io.automationhub.benchmarks.http;

import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.connectors.http.AddressGuard;
import io.automationhub.connectors.http.CancelSignal;
import io.automationhub.connectors.http.HttpAnswer;
import io.automationhub.connectors.http.HttpCall;
import io.automationhub.connectors.http.HttpDoor;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.WorkflowExecution;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One request on loopback with its answer as a value: a run of a workflow beside the bare client. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HttpRequestBenchmark {

    private LoopbackServer server;
    private OkHttpClient client;
    private Request request;
    private HttpDoor door;
    private ExecutorService threads;
    private WorkflowEngine engine;
    private Workflow workflow;

    /** Starts a server, and compares the two answers. */
    @Setup
    public void prepare() throws IOException {
        server = new LoopbackServer(0);
        client = new OkHttpClient();
        threads = threads();
        request = new Request.Builder().url(server.url()).build();
        door = HttpDoor.builder()
                .addressGuard(AddressGuard.builder().allowAddress("127.0.0.0/8").build())
                .build();
        engine = WorkflowEngine.builder()
                .install(ConnectorsModule.builder().door(door).build())
                .build();
        workflow = Workflow.builder("fetch")
                .start(NodeSpec.of("get", "http.request").with("url", server.url()))
                .output("{{nodes.get.output.body}}")
                .build();
        Object ours = workflow().output();
        if (!okHttp().equals(ours)) {
            throw new IllegalStateException("The answers differ: " + ours);
        }
    }

    /** Lets go. */
    @TearDown
    public void close() throws IOException {
        engine.close();
        door.close();
        client.connectionPool().evictAll();
        client.dispatcher().executorService().shutdown();
        threads.shutdown();
        server.close();
    }

    /** A virtual thread for each task where there are such. */
    private static ExecutorService threads() {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (ReflectiveOperationException e) {
            return Executors.newCachedThreadPool();
        }
    }

    /** The bare client, with the same JSON reader. */
    @Benchmark
    public Object okHttp() throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return Json.parse(response.body().string());
        }
    }

    /** The bare client on a thread of its own, for whose end the caller waits, as a run gives each attempt one. */
    @Benchmark
    public Object okHttpOnAThreadOfItsOwn() throws InterruptedException, ExecutionException {
        return threads.submit(this::okHttp).get();
    }

    /** The door on the caller's thread, which looks at addresses and bounds the answer. */
    @Benchmark
    public Object door() {
        HttpCall call = HttpCall.of("benchmark", "GET", server.url()).header("accept", "application/json");
        try (HttpAnswer answer = door.send(call, CancelSignal.NONE)) {
            return Json.parse(new String(answer.bytes(), answer.charset()));
        }
    }

    /** A run of a workflow with one node. */
    @Benchmark
    public WorkflowExecution workflow() {
        return engine.run(workflow, null).orElseThrow();
    }
}
