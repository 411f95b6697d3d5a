package io.automationhub.store.jdbc;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the store may use: the SPI of the core, and nothing else. */
class HouseRulesTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.automationhub.store.jdbc");

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<dependency>\\s*<groupId>([^<]+)</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*(?:<type>[^<]+</type>\\s*)?(<scope>test</scope>)?");

    @Test
    void theStoreKnowsNoGraphsAndNothingInternal() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.automationhub.engine.internal..",
                        "io.automationhub.engine.node..",
                        "io.automationhub.engine.nodes..",
                        "io.automationhub.engine.expression..",
                        "io.automationhub.engine.validation..",
                        "tools.jackson..")
                .check(CLASSES);
    }

    @Test
    void theStoreRequiresTheseLibraries() throws IOException {
        List<String> required = DEPENDENCY
                .matcher(Files.readString(Path.of("pom.xml")))
                .results()
                .filter(found -> found.group(3) == null)
                .map(found -> found.group(2))
                .toList();
        assertThat(required).containsExactlyInAnyOrder("engine-core", "slf4j-api", "jspecify");
    }
}
