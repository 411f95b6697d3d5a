package io.automationhub.interop;

import io.automationhub.ai.AiModule;
import io.automationhub.ai.call.ModelListener;
import io.automationhub.ai.model.ModelRequest;
import io.automationhub.ai.scripted.ScriptedProvider;
import io.automationhub.ai.tool.AgentTool;
import io.automationhub.connectors.ConnectorsModule;
import io.automationhub.engine.ExecutionRequest;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import io.automationhub.store.jdbc.JdbcWorkflowStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/** A process of {@link AgentKillTest}: runs an agent of ten turns, or goes on with it, and writes each step down as it begins. */
final class AgentProcess {

    static final int TURNS = 10;
    static final String KEY = "the one";

    private static final JsonObject PARAMETERS =
            JsonObject.of("type", "object").with("properties", JsonObject.of("n", JsonObject.of("type", "integer")));

    private AgentProcess() {}

    /** A step, by its place: the model is asked, a tool is called, the model is asked, and so on. */
    static int step(int turn, boolean tool) {
        return 2 * turn + (tool ? 1 : 0);
    }

    static Workflow workflow() {
        return Workflow.builder("agent")
                .start(NodeSpec.of("agent", "ai.agent")
                        .with("model", "m")
                        .with("prompt", "Go.")
                        .with("tools", List.of("left", "right"))
                        .with("maxTurns", TURNS + 1))
                .output("{{nodes.agent.output}}")
                .build();
    }

    /** An engine that keeps its runs in a database. */
    static WorkflowEngine engine(String url, Path steps) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        AiModule ai = AiModule.builder(ConnectorsModule.create())
                .inPlaceOfAll(ScriptedProvider.of(script()))
                .tool(tool("left", steps))
                .tool(tool("right", steps))
                .listener(new ModelListener() {
                    @Override
                    public void asked(Caller caller, String provider, ModelRequest request) {
                        write(steps, step(request.messages().size() / 2, false) + " asked");
                    }
                })
                .build();
        return WorkflowEngine.builder()
                .store(JdbcWorkflowStore.create(database))
                .install(ai)
                .leaseTime(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(50))
                .build();
    }

    private static JsonObject script() {
        List<Object> rules = new ArrayList<>();
        for (int turn = 0; turn < TURNS - 1; turn++) {
            rules.add(
                    Json.parse("{\"when\": {\"turn\": " + turn + "}, \"delay\": \"60ms\", \"toolCalls\": [{\"name\": \""
                            + (turn % 2 == 0 ? "left" : "right") + "\", \"arguments\": {\"n\": " + turn + "}}]}"));
        }
        rules.add(JsonObject.of("text", "There.").with("delay", "60ms"));
        return JsonObject.of("rules", rules);
    }

    private static AgentTool tool(String name, Path steps) {
        return AgentTool.of(name, "Goes there.", PARAMETERS, (arguments, invocation) -> {
            int turn = Math.toIntExact((Long) arguments.get("n"));
            write(steps, step(turn, true) + " " + invocation.idempotencyKey());
            Thread.sleep(60);
            return "went " + name;
        });
    }

    private static synchronized void write(Path steps, String line) {
        try {
            Files.writeString(steps, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param args the database, and where to write steps */
    public static void main(String[] args) throws InterruptedException {
        WorkflowEngine engine = engine(args[0], Path.of(args[1]));
        engine.start(ExecutionRequest.of(workflow()).key(KEY));
        // Until it is killed.
        new CountDownLatch(1).await();
    }
}
