package io.automationhub.benchmarks.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Speaks Chat Completions: gives the same answer to every request, whole, or as a stream of pieces with pauses between them; or wants a
 * tool to be called first, once or again and again.
 */
final class ModelServer implements AutoCloseable {

    private static final int BACKLOG = 2_000;
    private static final String BODY =
            "{\"id\": \"c-1\", \"object\": \"chat.completion\", \"created\": 1, \"model\": \"bench\","
                    + " \"choices\": [{\"index\": 0, \"finish_reason\": \"stop\", \"message\": {\"role\": \"assistant\", \"content\":"
                    + " \"It is about the weather of the week, which was mild.\"}}], \"usage\": {\"prompt_tokens\": 31,"
                    + " \"completion_tokens\": 12, \"total_tokens\": 43}}";
    private static final String CALL =
            "{\"id\": \"c-1\", \"object\": \"chat.completion\", \"created\": 1, \"model\": \"bench\", \"choices\": [{\"index\": 0,"
                    + " \"finish_reason\": \"tool_calls\", \"message\": {\"role\": \"assistant\", \"content\": null, \"tool_calls\":"
                    + " [{\"id\": \"call-%1$d\", \"type\": \"function\", \"function\": {\"name\": \"weather\", \"arguments\":"
                    + " \"{\\\"city\\\": \\\"Ulm %1$d\\\"}\"}}]}}], \"usage\": {\"prompt_tokens\": 60, \"completion_tokens\": 15,"
                    + " \"total_tokens\": 75}}";
    private static final byte[] RESULT = "\"tool_call_id\"".getBytes(StandardCharsets.US_ASCII);
    private static final String PIECE =
            "{\"id\": \"c-1\", \"object\": \"chat.completion.chunk\", \"created\": 1, \"model\": \"bench\","
                    + " \"choices\": [{\"index\": 0, \"delta\": {\"content\": \"some words \"}}]}";
    private static final String LAST =
            "{\"id\": \"c-1\", \"object\": \"chat.completion.chunk\", \"created\": 1, \"model\": \"bench\","
                    + " \"choices\": [{\"index\": 0, \"delta\": {}, \"finish_reason\": \"stop\"}]}";

    private final ServerSocket socket;
    private final int pieces;
    private final long pauseMillis;

    /** What it answers to a request with as many results of the tool; the plain answer to one with more. */
    private final List<String> calls;

    /**
     * A server that has begun.
     *
     * @param pieces of a stream; 0 to answer at once
     */
    ModelServer(int pieces, long pauseMillis) throws IOException {
        this(pieces, pauseMillis, 0);
    }

    /** A server that wants the tool {@code weather} to be called so often, one call after the other, before it answers. */
    static ModelServer wantingTool(int calls) throws IOException {
        return new ModelServer(0, 0, calls);
    }

    private ModelServer(int pieces, long pauseMillis, int calls) throws IOException {
        this.calls = IntStream.rangeClosed(1, calls)
                .mapToObj(number -> String.format(Locale.ROOT, CALL, number))
                .toList();
        this.pieces = pieces;
        this.pauseMillis = pauseMillis;
        socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    /** Below which the protocol is spoken. */
    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
    }

    /**
     * A server as a process of its own, which prints its URL and ends with its input.
     *
     * @param args pieces, and the pause between them in milliseconds
     */
    public static void main(String[] args) throws IOException {
        try (ModelServer server = new ModelServer(Integer.parseInt(args[0]), Long.parseLong(args[1]))) {
            System.out.println(server.url());
            int unused = System.in.read();
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "model", 64 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                start(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream())) {
            for (byte[] sent = read(in); sent != null; sent = read(in)) {
                int results = calls.isEmpty() ? 0 : count(sent, RESULT);
                answer(client.getOutputStream(), results < calls.size() ? calls.get(results) : BODY);
            }
        } catch (IOException | InterruptedException e) {
            // The client has gone.
            return;
        }
    }

    private static int count(byte[] all, byte[] part) {
        int count = 0;
        for (int i = 0; i + part.length <= all.length; i++) {
            if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
                count++;
            }
        }
        return count;
    }

    private void answer(OutputStream out, String body) throws IOException, InterruptedException {
        if (pieces == 0) {
            out.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
            return;
        }
        out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < pieces; i++) {
            chunk(out, "data: " + PIECE + "\n\n");
            Thread.sleep(pauseMillis);
        }
        chunk(out, "data: " + LAST + "\n\ndata: [DONE]\n\n");
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        out.write((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** The body of a request; null if there is none any more. */
    private static byte[] read(InputStream in) throws IOException {
        int length = -1;
        boolean chunked = false;
        for (String line = line(in); line != null; line = line(in)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).trim());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = true;
            } else if (line.isEmpty()) {
                return body(in, chunked, length);
            }
        }
        return null;
    }

    private static byte[] body(InputStream in, boolean chunked, int length) throws IOException {
        if (!chunked) {
            return in.readNBytes(Math.max(0, length));
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int size;
        do {
            size = Integer.parseInt(String.valueOf(line(in)).trim(), 16);
            all.write(in.readNBytes(size));
            in.skipNBytes(2);
        } while (size > 0);
        return all.toByteArray();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
