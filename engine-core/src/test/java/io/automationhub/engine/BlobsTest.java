package io.automationhub.engine;

import static io.automationhub.engine.nodes.Nodes.calculate;
import static io.automationhub.engine.nodes.Nodes.createFile;
import static io.automationhub.engine.nodes.Nodes.format;
import static io.automationhub.engine.nodes.Nodes.manualTrigger;
import static io.automationhub.engine.nodes.Nodes.node;
import static io.automationhub.engine.nodes.Nodes.readFile;
import static io.automationhub.engine.nodes.Nodes.transform;
import static io.automationhub.engine.nodes.transform.TransformStep.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.store.FolderBlobStore;
import io.automationhub.engine.store.InMemoryWorkflowStore;
import io.automationhub.engine.value.BinaryRef;
import io.automationhub.engine.value.JsonLimits;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.NodeSpec;
import io.automationhub.engine.workflow.Workflow;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files on their way through runs. */
@Timeout(60)
class BlobsTest {

    @TempDir
    Path folder;

    private static Workflow workflow(NodeSpec... nodes) {
        var builder = Workflow.builder("w").start(manualTrigger("start"));
        for (NodeSpec each : nodes) {
            builder = builder.then(each);
        }
        return builder.build();
    }

    private static String read(WorkflowEngine engine, BinaryRef file) throws IOException {
        try (var content = engine.openBlob(file)) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Folders may go while they are counted, because the engine deletes files in the background. */
    private long filesOnDisk() throws IOException {
        AtomicLong count = new AtomicLong();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                count.incrementAndGet();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) throws IOException {
                if (gone instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw gone;
            }
        });
        return count.get();
    }

    @Test
    void aReferenceGoesThroughNodesAndTemplatesLikeAnyValue() throws IOException {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Workflow workflow = workflow(
                    createFile("make", "größe {{input.no}}.txt", "Hello {{input.name}} {{'{{'}}"),
                    format("pass", Map.of("mail", Map.of("attachments", List.of("{{previous}}")))),
                    calculate(
                            "name",
                            Map.of(
                                    "file",
                                    "previous.mail.attachments[0]",
                                    "name",
                                    "previous.mail.attachments[0].name")),
                    transform("list", step("map").with("value", "item.file")),
                    readFile("read", "{{previous[0]}}"));
            WorkflowExecution run =
                    engine.run(workflow, Map.of("no", 1, "name", "Ann {{x}}")).orElseThrow();
            assertThat(run.output()).isEqualTo("Hello Ann {{x}} {{");
            JsonObject made = (JsonObject) run.node("make").orElseThrow().output();
            BinaryRef file = BinaryRef.of(made).orElseThrow();
            assertThat(file.name()).isEqualTo("größe 1.txt");
            assertThat(file.mediaType()).isEqualTo("text/plain; charset=utf-8");
            assertThat(made.keySet()).containsExactly("$binary", "name", "mediaType", "size", "sha256");
            assertThat(read(engine, file)).isEqualTo("Hello Ann {{x}} {{");
        }
    }

    @ParameterizedTest
    @CsvSource({"text, text", "json, json", "base64, base64"})
    void whatIsMadeOneWayIsReadTheSameWay(String made, String read) {
        Object content = made.equals("base64") ? "AAECAw==" : made.equals("json") ? Map.of("a", 1L) : "Grüße 😀";
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            Object output = engine.run(
                            workflow(
                                    createFile("make", "f", "{{input}}").with("as", made),
                                    node("read", "binary.read").with("as", read)),
                            content)
                    .orElseThrow()
                    .output();
            assertThat(output).isEqualTo(content);
        }
    }

    @Test
    void aHostPassesAFileInAndTakesOneOut() throws IOException {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .blobStore(new FolderBlobStore(folder))
                .node("shout", call -> {
                    BinaryRef file = BinaryRef.of(call.previous()).orElseThrow();
                    try (var content = call.openBlob(file)) {
                        String text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
                        return call.storeBlob(
                                "loud-" + file.name(),
                                file.mediaType(),
                                new ByteArrayInputStream(
                                        text.toUpperCase(java.util.Locale.ROOT).getBytes(StandardCharsets.UTF_8)));
                    }
                })
                .build()) {
            BinaryRef in = engine.storeBlob(
                    "a.txt", "text/plain", new ByteArrayInputStream("hello".getBytes(StandardCharsets.UTF_8)));
            Object output = engine.run(workflow(node("shout", "shout")), in)
                    .orElseThrow()
                    .output();
            BinaryRef out = BinaryRef.of(output).orElseThrow();
            assertThat(out.name()).isEqualTo("loud-a.txt");
            assertThat(read(engine, out)).isEqualTo("HELLO");
            assertThatThrownBy(() -> read(engine.forTenant("other"), out))
                    .isInstanceOf(NonRetriableException.class)
                    .hasMessageContaining("There is no file 'loud-a.txt' of 5 bytes");
            assertThat(engine.deleteBlob(in)).isTrue();
            assertThat(engine.deleteBlob(in)).isFalse();
        }
    }

    @Test
    void theFilesOfARunGoWhenTheRunIsForgotten() throws Exception {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .store(new InMemoryWorkflowStore(2, 100))
                .blobStore(new FolderBlobStore(folder))
                .build()) {
            Workflow workflow = workflow(createFile("make", "f", "x"));
            BinaryRef last = null;
            for (int i = 0; i < 10; i++) {
                last = BinaryRef.of(engine.run(workflow, null).orElseThrow().output())
                        .orElseThrow();
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (filesOnDisk() > 2) {
                assertThat(System.nanoTime())
                        .as("files are deleted within 20 s")
                        .isLessThan(deadline);
                Thread.onSpinWait();
            }
            assertThat(read(engine, last)).isEqualTo("x");
        }
    }

    @Test
    void aFileBeyondTheLimitFailsItsNodeAndLeavesNothing() throws IOException {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .blobStore(new FolderBlobStore(folder))
                .maxBlobBytes(10)
                .build()) {
            ExecutionError error = engine.run(workflow(createFile("make", "f.txt", "12345678901")), null)
                    .error()
                    .orElseThrow();
            assertThat(error.kind()).isEqualTo(ExecutionError.KIND_FILE);
            assertThat(error.node()).isEqualTo("make");
            assertThat(error.message())
                    .isEqualTo(
                            "The file 'f.txt' has more than 10 bytes, the limit of files; raise maxBlobBytes, or keep it"
                                    + " elsewhere and pass its address");
            assertThat(filesOnDisk()).isZero();
        }
    }

    @Test
    void aFileThatIsLargerThanAValueMayBeIsNotRead() throws IOException {
        try (WorkflowEngine engine =
                WorkflowEngine.builder().limits(new JsonLimits(1000, 50)).build()) {
            BinaryRef file =
                    engine.storeBlob("big.bin", BinaryRef.UNKNOWN_TYPE, new ByteArrayInputStream(new byte[1001]));
            assertThat(engine.run(workflow(readFile("read", "{{input}}")), file)
                            .error()
                            .orElseThrow()
                            .message())
                    .isEqualTo(
                            "The file 'big.bin' has 1001 bytes, more than the 1000 that a value may have; pass its reference"
                                    + " on, or raise the limit");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{input}} | needs the reference of a file, an object with $binary, found object; let 'file' name one",
                "{{input.a}} | needs the reference of a file, an object with $binary, found null",
                "{{input.forged}} | There is no file 'f' of 1 bytes under its id",
            })
    void whatIsNoFileSaysSo(String template, String message) {
        Map<String, Object> forged =
                Map.of("$binary", "../x", "name", "f", "mediaType", "a/b", "size", 1, "sha256", "0".repeat(64));
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            ExecutionError error = engine.run(workflow(readFile("read", template)), Map.of("forged", forged))
                    .error()
                    .orElseThrow();
            assertThat(error.kind()).isEqualTo(ExecutionError.KIND_FILE);
            assertThat(error.message()).contains(message);
        }
    }

    @Test
    void textThatIsNotInItsCharsetIsNoText() throws IOException {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            BinaryRef file = engine.storeBlob("x", "text/plain", new ByteArrayInputStream(new byte[] {(byte) 0xE9}));
            assertThat(engine.run(workflow(readFile("read", "{{input}}")), file)
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("'x' is not written in utf-8");
            assertThat(engine.run(workflow(readFile("read", "{{input}}").with("charset", "iso-8859-1")), file)
                            .output())
                    .isEqualTo("é");
            assertThat(engine.run(workflow(readFile("read", "{{input}}").with("charset", "klingon")), file)
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("There is no charset 'klingon'");
            assertThat(engine.run(
                                    workflow(readFile("read", "{{input}}")
                                            .with("as", "json")
                                            .with("charset", "iso-8859-1")),
                                    file)
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("'x' is no JSON");
        }
    }

    @Test
    void anInlineNodeMustNotWaitForFiles() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .node(
                        "hasty",
                        NodeTraits.PURE_INLINE,
                        call -> call.storeBlob("f", "a/b", new ByteArrayInputStream(new byte[0])))
                .build()) {
            assertThat(engine.run(workflow(node("hasty", "hasty")), null)
                            .error()
                            .orElseThrow()
                            .message())
                    .contains("declare its type as blocking");
        }
    }

    @Test
    void aNameThatNoFileMayHaveIsRefused() {
        try (WorkflowEngine engine = WorkflowEngine.create()) {
            for (String name : List.of("a\nb", "../a", "a\\b", "..", "", "x".repeat(256))) {
                assertThatThrownBy(() -> engine.storeBlob(name, "text/plain", new ByteArrayInputStream(new byte[0])))
                        .hasMessageContaining("a name of 1 to 255 characters without '/', '\\' and control characters");
            }
            assertThatThrownBy(() -> engine.storeBlob("a", "text", new ByteArrayInputStream(new byte[0])))
                    .hasMessageContaining("a media type such as text/plain, found 'text'");
        }
    }

    @Test
    void aValueBeyondTheLimitNamesItsNodeAndItsSize() {
        try (WorkflowEngine engine = WorkflowEngine.builder()
                .limits(new JsonLimits(100, 50))
                .node("large", NodeTraits.PURE_INLINE, call -> "x".repeat(101))
                .build()) {
            ExecutionError rendered = engine.run(workflow(format("twice", "{{input}}{{input}}")), "x".repeat(60))
                    .error()
                    .orElseThrow();
            assertThat(rendered.node()).isEqualTo("twice");
            assertThat(rendered.message())
                    .isEqualTo(
                            "The rendered configuration is too large. A value has 135 bytes as JSON, more than the limit of"
                                    + " 100; keep large data as a file and pass its reference, or raise the limit");
            ExecutionError output =
                    engine.run(workflow(node("n", "large")), null).error().orElseThrow();
            assertThat(output.node()).isEqualTo("n");
            assertThat(output.message()).startsWith("A value has 103 bytes as JSON, more than the limit of 100; ");
        }
    }
}
