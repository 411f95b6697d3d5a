package io.automationhub.examples.hub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class PublicApiTest {

    @Test
    void theHubStandsOnThePublicApiOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.automationhub.engine.internal..")
                .check(new ClassFileImporter().importPackages("io.automationhub.examples"));
    }
}
