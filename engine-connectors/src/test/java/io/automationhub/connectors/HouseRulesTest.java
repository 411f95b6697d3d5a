package io.automationhub.connectors;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The structure of the module: imports run one way, and no other library shows in its API. */
class HouseRulesTest {

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.automationhub.connectors");

    @Test
    void importsRunOneWay() {
        slices().matching("io.automationhub.connectors.(*)..")
                .should()
                .beFreeOfCycles()
                .check(all);
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("module")
                .definedBy("io.automationhub.connectors")
                .layer("openapi")
                .definedBy("..connectors.openapi..")
                .layer("event")
                .definedBy("..connectors.event..")
                .layer("connector")
                .definedBy("..connectors.connector..")
                .layer("webhook")
                .definedBy("..connectors.webhook..")
                .layer("request")
                .definedBy("..connectors.request..")
                .layer("connection")
                .definedBy("..connectors.connection..")
                .layer("secret")
                .definedBy("..connectors.secret..")
                .layer("http")
                .definedBy("..connectors.http..")
                .whereLayer("module")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("openapi")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("webhook")
                .mayOnlyBeAccessedByLayers("module", "event")
                .whereLayer("event")
                .mayOnlyBeAccessedByLayers("module")
                .whereLayer("connector")
                .mayOnlyBeAccessedByLayers("module", "openapi", "event")
                .whereLayer("request")
                .mayOnlyBeAccessedByLayers("module", "connector", "webhook")
                .whereLayer("connection")
                .mayOnlyBeAccessedByLayers("module", "event", "connector", "webhook", "request")
                .whereLayer("http")
                .mayOnlyBeAccessedByLayers("module", "openapi", "connector", "webhook", "request", "connection")
                .whereLayer("secret")
                .mayOnlyBeAccessedByLayers("module", "request", "connection")
                .check(all);
    }

    @Test
    void theEngineIsUsedByItsPublicApi() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.automationhub.engine.internal..", "tools.jackson..")
                .check(all);
    }
}
