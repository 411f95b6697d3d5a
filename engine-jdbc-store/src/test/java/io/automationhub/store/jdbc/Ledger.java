package io.automationhub.store.jdbc;

import io.automationhub.engine.event.Micros;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The effects of nodes, written outside of the database: a file for each process, a line for each beginning and end. What was
 * written is there when the process is killed.
 */
final class Ledger {

    private final FileChannel file;

    Ledger(Path folder, String process) {
        try {
            Files.createDirectories(folder);
            file = FileChannel.open(
                    folder.resolve(process + ".ledger"), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line. */
    record Entry(String process, boolean begins, long micros, String key, int attempt, String body) {}

    /** Says that something begins or ends now, however long others still write. */
    void write(boolean begins, String key, int attempt, String body) {
        String line = (begins ? "B" : "E") + "\t" + now() + "\t" + key + "\t" + attempt + "\t"
                + Integer.toHexString(body.hashCode()) + "\n";
        append(line);
    }

    private synchronized void append(String line) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long now() {
        return Micros.of(java.time.Instant.now());
    }

    /** All lines of all processes; one that a killed process did not finish is left out. */
    static List<Entry> read(Path folder) {
        List<Entry> entries = new ArrayList<>();
        if (!Files.exists(folder)) {
            return entries;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                entries.addAll(readFile(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    /** Whether a process has begun something that it has not ended. */
    static boolean isInFlight(Path folder, String process) {
        return inFlight(folder, process) > 0;
    }

    /** How much a process has begun that it has not ended. */
    static int inFlight(Path folder, String process) {
        Path file = folder.resolve(process + ".ledger");
        if (!Files.exists(file)) {
            return 0;
        }
        int open = 0;
        for (Entry entry : readFile(file)) {
            open += entry.begins() ? 1 : -1;
        }
        return open;
    }

    private static List<Entry> readFile(Path file) {
        List<Entry> entries = new ArrayList<>();
        try {
            String process = file.getFileName().toString().replace(".ledger", "");
            for (String line : Files.readString(file).split("\n", -1)) {
                String[] parts = line.split("\t", -1);
                if (parts.length == 5 && !parts[4].isEmpty()) {
                    entries.add(new Entry(
                            process,
                            parts[0].equals("B"),
                            Long.parseLong(parts[1]),
                            parts[2],
                            Integer.parseInt(parts[3]),
                            parts[4]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }
}
