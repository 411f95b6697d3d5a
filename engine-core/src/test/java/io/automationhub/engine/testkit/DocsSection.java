package io.automationhub.engine.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A part of a page in docs/ that is made from the code, between {@code <!-- generated: name -->} and
 * {@code <!-- end -->}. The test that makes it fails when the page is behind; with
 * {@code -Dengine.testJvm=-Ddocs.write=true} it writes the page instead.
 */
public record DocsSection(String page, String name) {

    /** Fails, or writes, if the section is not {@code expected}. */
    public void mustBe(String expected) {
        Path path = Path.of("../docs", page);
        try {
            String text = Files.readString(path);
            String head = "<!-- generated: " + name + " -->\n";
            int begin = text.indexOf(head) + head.length();
            int end = text.indexOf("<!-- end -->", begin);
            assertThat(end).as("section '%s' of %s", name, page).isPositive();
            if (Boolean.getBoolean("docs.write")) {
                Files.writeString(path, text.substring(0, begin) + expected + text.substring(end));
            } else {
                assertThat(text.substring(begin, end)).isEqualTo(expected);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails, or writes, if a file of docs/ that is all made from the code is not {@code expected}. */
    public static void fileMustBe(String file, String expected) {
        Path path = Path.of("../docs", file);
        try {
            if (Boolean.getBoolean("docs.write")) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, expected);
            } else {
                assertThat(path)
                        .as("written by -Dengine.testJvm=-Ddocs.write=true")
                        .exists();
                assertThat(Files.readString(path)).isEqualTo(expected);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
