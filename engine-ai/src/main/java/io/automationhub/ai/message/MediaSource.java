package io.automationhub.ai.message;

import io.automationhub.engine.value.BinaryRef;

/** Where an image or a document is. */
public sealed interface MediaSource {

    /** On a server that the provider asks itself. */
    record Url(String url) implements MediaSource {}

    /** Here, in Base64 (RFC 4648, section 4). */
    record Base64(String data) implements MediaSource {

        /** Without the data, which may be large and private. */
        @Override
        public String toString() {
            return "Base64[" + data.length() + " characters]";
        }
    }

    /** Among the files of the engine, from where it is read when a request is sent. */
    record File(BinaryRef file) implements MediaSource {}
}
