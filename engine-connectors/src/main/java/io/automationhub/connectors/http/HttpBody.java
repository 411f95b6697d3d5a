package io.automationhub.connectors.http;

import java.io.IOException;
import java.io.OutputStream;

/** What a call sends. It may be written several times: after a redirect, or a connection that was found closed. */
public interface HttpBody {

    /** Its media type, with a charset where it has one. */
    String mediaType();

    /** How many bytes it has; -1 if that is not known before. */
    long length();

    /** Writes all of it. */
    void writeTo(OutputStream out) throws IOException;

    /** A body of these bytes. */
    static HttpBody of(String mediaType, byte[] bytes) {
        return new HttpBody() {
            @Override
            public String mediaType() {
                return mediaType;
            }

            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }
        };
    }
}
