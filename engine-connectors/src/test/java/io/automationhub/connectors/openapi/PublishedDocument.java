package io.automationhub.connectors.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/** The OpenAPI documents of real services in src/test/resources/openapi. */
enum PublishedDocument {
    GITHUB("github-3.0.json.gz"),
    FIGMA("figma-3.1.yaml.gz"),
    NESSIE("nessie-3.1.json.gz");

    private final String file;

    PublishedDocument(String file) {
        this.file = file;
    }

    String text() {
        try (InputStream in = new GZIPInputStream(PublishedDocument.class.getResourceAsStream("/openapi/" + file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
