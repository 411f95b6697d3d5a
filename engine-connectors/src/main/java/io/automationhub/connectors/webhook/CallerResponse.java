package io.automationhub.connectors.webhook;

import io.automationhub.connectors.http.HttpBody;
import io.automationhub.connectors.request.FileBody;
import io.automationhub.engine.WorkflowEngine;
import io.automationhub.engine.event.ExecutionStatus;
import io.automationhub.engine.store.ExecutionRecord;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers a caller as its trigger says: at once, when the run has finished, or by a node. Safe for use by several threads. */
final class CallerResponse {

    private static final WebhookAnswer NOTHING = new WebhookAnswer(204, Map.of(), null);

    private final WebhookAnswers answers;

    CallerResponse(WebhookAnswers answers) {
        this.answers = answers;
    }

    /** What the caller gets of a run. */
    WebhookAnswer of(String tenant, WebhookConfig config, StartedRun run) {
        try {
            return switch (config.respond()) {
                case ACCEPTED -> accepted(run);
                case FINISHED ->
                    run.await(config.timeout())
                            .map(ended -> finished(run, ended))
                            .orElseGet(() -> accepted(run));
                case NODE -> byNode(tenant, config, run);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return accepted(run);
        }
    }

    private static WebhookAnswer accepted(StartedRun run) {
        return WebhookAnswer.json(202, JsonObject.of("execution", run.id()));
    }

    private static WebhookAnswer finished(StartedRun run, ExecutionRecord ended) {
        if (ended.status() != ExecutionStatus.SUCCEEDED) {
            return failed(run);
        }
        return ended.output() == null ? NOTHING : WebhookAnswer.json(200, ended.output());
    }

    /** Why a run failed is for those who operate it. */
    private static WebhookAnswer failed(StartedRun run) {
        return WebhookAnswer.json(500, JsonObject.of("error", "failed").with("execution", run.id()));
    }

    private WebhookAnswer byNode(String tenant, WebhookConfig config, StartedRun run) throws InterruptedException {
        Optional<JsonObject> given = answers.await(
                tenant, run.id(), config.timeout(), () -> run.ended().isPresent());
        if (given.isPresent()) {
            return answer(run.engine(), given.get());
        }
        return run.ended()
                .map(ended -> ended.status() == ExecutionStatus.SUCCEEDED ? NOTHING : failed(run))
                .orElseGet(() -> accepted(run));
    }

    private static WebhookAnswer answer(WorkflowEngine own, JsonObject given) {
        Map<String, String> headers = new TreeMap<>();
        Json.object(given.get("headers")).forEach((name, value) -> headers.put(name, Json.toText(value)));
        int status = given.get("status") instanceof Long number ? number.intValue() : 200;
        return new WebhookAnswer(status, headers, body(own, Json.object(given.get("body"))));
    }

    private static @Nullable HttpBody body(WorkflowEngine own, JsonObject body) {
        String mediaType = body.get("mediaType") instanceof String type ? type : null;
        if (body.containsKey("json")) {
            byte[] bytes = Json.writeUtf8(body.get("json"));
            return HttpBody.of(mediaType == null ? "application/json" : mediaType, bytes);
        }
        if (body.containsKey("text")) {
            byte[] bytes = Json.toText(body.get("text")).getBytes(StandardCharsets.UTF_8);
            return HttpBody.of(mediaType == null ? "text/plain; charset=utf-8" : mediaType, bytes);
        }
        return BinaryRef.of(body.get("file"))
                .map(file -> new FileBody(file, mediaType, own::openBlob))
                .orElse(null);
    }
}
