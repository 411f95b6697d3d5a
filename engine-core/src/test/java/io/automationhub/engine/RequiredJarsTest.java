package io.automationhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Fixes which libraries engine-core requires, so that one more is a decision (docs/dependencies.md). */
class RequiredJarsTest {

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*(<(?:scope|optional)>)?");

    @Test
    void engineCoreRequiresTheseLibraries() throws IOException {
        Matcher matcher = DEPENDENCY.matcher(Files.readString(Path.of("pom.xml")));
        List<String> required = matcher.results()
                .filter(found -> found.group(3) == null)
                .map(found -> found.group(1) + ":" + found.group(2))
                .toList();
        assertThat(required)
                .containsExactlyInAnyOrder(
                        "tools.jackson.core:jackson-databind",
                        "org.apache.commons:commons-jexl3",
                        "com.google.re2j:re2j",
                        "com.networknt:json-schema-validator",
                        "com.cronutils:cron-utils",
                        "com.github.ben-manes.caffeine:caffeine",
                        "org.slf4j:slf4j-api",
                        "org.jspecify:jspecify");
        String documented = Files.readString(Path.of("../docs/dependencies.md"));
        assertThat(required).allSatisfy(each -> assertThat(documented).contains(each.substring(each.indexOf(':') + 1)));
    }
}
