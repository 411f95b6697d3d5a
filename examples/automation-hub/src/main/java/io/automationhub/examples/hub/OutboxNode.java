package io.automationhub.examples.hub;

import io.automationhub.engine.error.ExecutionError;
import io.automationhub.engine.error.NonRetriableException;
import io.automationhub.engine.node.ExecutionContext;
import io.automationhub.engine.node.NodeExecutor;
import io.automationhub.engine.node.NodeMetadata;
import io.automationhub.engine.node.NodeResult;
import io.automationhub.engine.node.NodeTraits;
import io.automationhub.engine.value.Json;
import io.automationhub.engine.value.JsonArray;
import io.automationhub.engine.value.JsonObject;
import io.automationhub.engine.workflow.WorkflowEdge;
import io.automationhub.engine.workflow.WorkflowNode;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code mail.outbox}: writes a mail as a file that mail programs open, {@code .eml} (RFC 5322), instead of sending it. All attempts of
 * one node run write the same file.
 */
final class OutboxNode implements NodeExecutor {

    static final String TYPE = "mail.outbox";

    private static final JsonObject CONFIG = Json.object(Json.parse("""
            {"type": "object", "additionalProperties": false, "required": ["to", "subject", "text"],
             "examples": [{"to": "{{input.mail}}", "subject": "Your order", "text": "It is on its way."}],
             "properties": {
               "from": {"type": "string", "default": "hub@localhost", "description": "The sender."},
               "to": {"type": ["string", "array"], "items": {"type": "string"}, "description": "One address or several."},
               "subject": {"type": "string", "description": "What it is about."},
               "text": {"type": "string", "description": "What it says."}}}"""));

    private final Path folder;

    /** @param folder of the files; it is made when it is needed */
    OutboxNode(Path folder) {
        this.folder = folder;
    }

    @Override
    public NodeMetadata metadata() {
        return new NodeMetadata(
                "Mail to the outbox",
                "mail",
                "Writes a mail as an .eml file instead of sending it.",
                "mail",
                List.of(WorkflowEdge.OUT),
                CONFIG,
                NodeTraits.EFFECTFUL_BLOCKING);
    }

    @Override
    public NodeResult execute(WorkflowNode node, ExecutionContext context) throws IOException {
        String id = UUID.nameUUIDFromBytes(context.idempotencyKey().getBytes(StandardCharsets.UTF_8))
                .toString();
        List<String> to = recipients(context.value("to"));
        Files.createDirectories(folder);
        Path file = folder.resolve(context.nodeId().replaceAll("[^A-Za-z0-9_-]", "_") + "-" + id + ".eml");
        Path half = Files.createTempFile(folder, "mail", ".part");
        try {
            write(half, message(context, id, to));
            Files.move(half, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (MessagingException e) {
            throw new NonRetriableException(
                    ExecutionError.KIND_CONFIG,
                    "Cannot write the mail of node '" + context.nodeId() + "': " + e.getMessage()
                            + "; look at its addresses",
                    e);
        } finally {
            boolean unused = Files.deleteIfExists(half);
        }
        return NodeResult.completed(
                JsonObject.of("file", file.toString()).with("to", to).with("subject", context.text("subject")));
    }

    private static List<String> recipients(@Nullable Object to) {
        List<String> all = new ArrayList<>();
        if (to instanceof JsonArray list) {
            list.forEach(each -> all.add(Json.toText(each)));
        } else {
            all.add(Json.toText(to));
        }
        return all;
    }

    private static MimeMessage message(ExecutionContext context, String id, List<String> to) throws MessagingException {
        MimeMessage message = new MimeMessage(Session.getInstance(new Properties())) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + id + "@automation-hub>");
            }
        };
        Object from = context.value("from");
        message.setFrom(new InternetAddress(from == null ? "hub@localhost" : Json.toText(from), true));
        for (String address : to) {
            message.addRecipient(Message.RecipientType.TO, new InternetAddress(address, true));
        }
        message.setSubject(context.text("subject").replaceAll("[\\r\\n]+", " "), StandardCharsets.UTF_8.name());
        message.setText(context.text("text"), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(context.now()));
        message.saveChanges();
        return message;
    }

    private static void write(Path file, MimeMessage message) throws IOException, MessagingException {
        try (OutputStream out = Files.newOutputStream(file)) {
            message.writeTo(out);
        }
    }
}
