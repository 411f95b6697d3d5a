package io.automationhub.benchmarks.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Gives the same small answer to every request, after a while, and costs as little as it can. */
final class LoopbackServer implements AutoCloseable {

    private static final int BACKLOG = 2_000;
    private static final String BODY = "{\"id\": 7, \"name\": \"Ada\", \"tags\": [\"a\", \"b\"]}";
    private static final byte[] ANSWER = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                    + BODY.length() + "\r\n\r\n" + BODY)
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket socket;
    private final long delayMillis;

    LoopbackServer(long delayMillis) throws IOException {
        this.delayMillis = delayMillis;
        socket = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        start(this::accept, "accepting");
    }

    /**
     * A server as a process of its own, which prints its URL and ends with its input.
     *
     * @param args the delay of each answer in milliseconds
     */
    public static void main(String[] args) throws IOException {
        try (LoopbackServer server = new LoopbackServer(Long.parseLong(args[0]))) {
            System.out.println(server.url());
            System.in.read();
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    /** A small stack each: the threads of the server are not what is measured. */
    private static void start(Runnable work, String name) {
        Thread thread = new Thread(null, work, name, 64 * 1024);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                start(() -> serve(client), "serving");
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                InputStream in = new BufferedInputStream(client.getInputStream())) {
            while (readHead(in)) {
                if (delayMillis > 0) {
                    Thread.sleep(delayMillis);
                }
                client.getOutputStream().write(ANSWER);
            }
        } catch (IOException | InterruptedException e) {
            // The client has gone.
            return;
        }
    }

    /** Reads to the empty line; the requests have no body. */
    private static boolean readHead(InputStream in) throws IOException {
        int matched = 0;
        for (int c = in.read(); c >= 0; c = in.read()) {
            boolean expected = c == (matched % 2 == 0 ? '\r' : '\n');
            matched = expected ? matched + 1 : c == '\r' ? 1 : 0;
            if (matched == 4) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
