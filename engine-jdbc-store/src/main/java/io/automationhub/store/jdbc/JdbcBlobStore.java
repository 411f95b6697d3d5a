package io.automationhub.store.jdbc;

import io.automationhub.engine.store.BlobStore;
import io.automationhub.engine.store.Digested;
import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files in the database, in pieces, so that no transaction is open while the content is read. */
final class JdbcBlobStore implements BlobStore {

    private static final int PIECE = 64 * 1024;

    private final Tables tables;
    private final Connections connections;

    JdbcBlobStore(Tables tables, Connections connections) {
        this.tables = tables;
        this.connections = connections;
    }

    @Override
    public BinaryRef put(
            String tenant,
            @Nullable String executionId,
            String name,
            String mediaType,
            InputStream content,
            long maxBytes)
            throws IOException {
        String id = Digested.newId();
        boolean kept = false;
        try {
            Pieces pieces = new Pieces(tenant, id);
            Digested digested = Digested.copy(name, content, pieces, maxBytes);
            pieces.flushRest();
            insert(tenant, id, executionId, digested);
            kept = true;
            return new BinaryRef(id, name, mediaType, digested.size(), digested.sha256());
        } catch (StoreException e) {
            throw new IOException("Cannot keep the file '" + name + "': " + e.getMessage(), e);
        } finally {
            if (!kept) {
                boolean unused = remove(tenant, id);
            }
        }
    }

    private void insert(String tenant, String id, @Nullable String execution, Digested digested) {
        String sql = tables.sql("INSERT INTO $blob (digest, owner, size, sha256) VALUES (?, ?, ?, ?)");
        int unused = connections.inTransaction("keep a file", connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setString(1, Digest.of(tenant, id));
                statement.setString(2, execution == null ? null : Digest.of(tenant, execution));
                statement.setLong(3, digested.size());
                statement.setString(4, digested.sha256());
                return statement.executeUpdate();
            }
        });
    }

    /** Takes bytes, and stores them piece by piece. */
    private final class Pieces extends OutputStream {

        private final String digest;
        private final byte[] piece = new byte[PIECE];
        private int filled;
        private int count;

        Pieces(String tenant, String id) {
            digest = Digest.of(tenant, id);
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            int at = from;
            while (at < from + length) {
                int part = Math.min(PIECE - filled, from + length - at);
                System.arraycopy(bytes, at, piece, filled, part);
                filled += part;
                at += part;
                if (filled == PIECE) {
                    flushRest();
                }
            }
        }

        void flushRest() {
            if (filled == 0) {
                return;
            }
            byte[] content = Arrays.copyOf(piece, filled);
            int pos = count++;
            filled = 0;
            String sql = tables.sql("INSERT INTO $blob_piece (digest, pos, content) VALUES (?, ?, ?)");
            // It may be there: written before the connection was lost.
            boolean unused = connections.insertUnlessThere("keep a piece of a file", sql, digest, pos, content);
        }
    }

    @Override
    public InputStream open(String tenant, BinaryRef file) throws IOException {
        if (!exists(tenant, file)) {
            throw new NoSuchFileException(file);
        }
        return new Reading(tenant, file);
    }

    private boolean exists(String tenant, BinaryRef file) throws IOException {
        String sql = tables.sql("SELECT 1 FROM $blob WHERE digest = ? AND size = ? AND sha256 = ?");
        try {
            return connections.inTransaction("open a file", connection -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    statement.setString(1, Digest.of(tenant, file.id()));
                    statement.setLong(2, file.size());
                    statement.setString(3, file.sha256());
                    try (ResultSet rows = statement.executeQuery()) {
                        return rows.next();
                    }
                }
            });
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Reads piece by piece; a file that is deleted meanwhile cannot be read on. */
    private final class Reading extends InputStream {

        private final String tenant;
        private final BinaryRef file;
        private byte[] piece = new byte[0];
        private int at;
        private int next;
        private long read;

        Reading(String tenant, BinaryRef file) {
            this.tenant = tenant;
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] to, int from, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == piece.length) {
                if (read == file.size()) {
                    return -1;
                }
                piece = piece(next++);
                at = 0;
            }
            int part = Math.min(length, piece.length - at);
            System.arraycopy(piece, at, to, from, part);
            at += part;
            read += part;
            return part;
        }

        private byte[] piece(int pos) throws IOException {
            String sql = tables.sql("SELECT content FROM $blob_piece WHERE digest = ? AND pos = ?");
            byte[] content;
            try {
                content = connections.inTransaction("read a file", connection -> {
                    try (PreparedStatement statement = connection.prepareStatement(sql)) {
                        statement.setString(1, Digest.of(tenant, file.id()));
                        statement.setInt(2, pos);
                        try (ResultSet rows = statement.executeQuery()) {
                            return rows.next() ? rows.getBytes(1) : new byte[0];
                        }
                    }
                });
            } catch (StoreException e) {
                throw new IOException(e.getMessage(), e);
            }
            if (content.length == 0) {
                throw new IOException("The file '" + file.name() + "' was deleted while it was read");
            }
            return content;
        }
    }

    @Override
    public boolean delete(String tenant, BinaryRef file) throws IOException {
        return exists(tenant, file) && remove(tenant, file.id());
    }

    private boolean remove(String tenant, String id) {
        return connections.inTransaction("delete a file", connection -> remove(connection, Digest.of(tenant, id)));
    }

    private boolean remove(Connection connection, String digest) throws SQLException {
        int blobs = 0;
        for (String sql :
                new String[] {"DELETE FROM $blob_piece WHERE digest = ?", "DELETE FROM $blob WHERE digest = ?"}) {
            try (PreparedStatement statement = connection.prepareStatement(tables.sql(sql))) {
                statement.setString(1, digest);
                blobs = statement.executeUpdate();
            }
        }
        return blobs > 0;
    }

    @Override
    public void deleteAll(String tenant, String executionId) {
        String find = tables.sql("SELECT digest FROM $blob WHERE owner = ?");
        boolean unused = connections.inTransaction("delete the files of a run", connection -> {
            List<String> digests = new ArrayList<>();
            try (PreparedStatement statement = connection.prepareStatement(find)) {
                statement.setString(1, Digest.of(tenant, executionId));
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        digests.add(rows.getString(1));
                    }
                }
            }
            for (String digest : digests) {
                remove(connection, digest);
            }
            return true;
        });
    }
}
