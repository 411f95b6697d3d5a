package io.automationhub.connectors.request;

import io.automationhub.connectors.http.HttpBody;
import io.automationhub.engine.value.BinaryRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body that is a file of a run.
 *
 * @param type null for the file's own media type
 */
public record FileBody(BinaryRef file, @Nullable String type, Opener opener) implements HttpBody {

    /** Opens a file. */
    @FunctionalInterface
    public interface Opener {
        InputStream open(BinaryRef file) throws IOException;
    }

    @Override
    public String mediaType() {
        return type == null ? file.mediaType() : type;
    }

    @Override
    public long length() {
        return file.size();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = opener.open(file)) {
            in.transferTo(out);
        }
    }
}
