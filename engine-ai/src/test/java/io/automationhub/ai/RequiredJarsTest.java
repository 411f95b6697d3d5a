package io.automationhub.ai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Fixes which libraries engine-ai requires, so that one more is a decision (docs/dependencies.md). */
class RequiredJarsTest {

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>(?!\\s*<(type|scope|optional)>)");

    @Test
    void engineAiRequiresTheseLibraries() throws IOException {
        Matcher matcher = DEPENDENCY.matcher(Files.readString(Path.of("pom.xml")));
        List<String> required = matcher.results()
                .map(found -> found.group(1) + ":" + found.group(2))
                .toList();
        assertThat(required)
                .containsExactlyInAnyOrder(
                        "io.automationhub:engine-core",
                        "io.automationhub:engine-connectors",
                        "com.github.ben-manes.caffeine:caffeine",
                        "com.google.re2j:re2j",
                        "org.jsoup:jsoup",
                        "com.github.victools:jsonschema-generator",
                        "org.slf4j:slf4j-api",
                        "org.jspecify:jspecify");
        String documented = Files.readString(Path.of("../docs/dependencies.md"));
        assertThat(required)
                .filteredOn(each -> !each.startsWith("io.automationhub"))
                .allSatisfy(each -> assertThat(documented).contains(each.substring(each.indexOf(':') + 1)));
    }
}
