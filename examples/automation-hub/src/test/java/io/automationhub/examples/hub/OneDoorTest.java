package io.automationhub.examples.hub;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.net.URL;
import org.junit.jupiter.api.Test;

/** Proves that HTTP leaves the process by one door: a guard that a second client could go around would guard nothing. */
class OneDoorTest {

    private static final String DOOR = "io.automationhub.connectors.http";

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.automationhub");

    @Test
    void onlyTheDoorUsesAClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DOOR)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("okhttp3..", "java.net.http..", "com.sun.net..")
                .check(all);
    }

    @Test
    void onlyTheDoorOpensSockets() {
        noClasses()
                .that()
                .resideOutsideOfPackage(DOOR)
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.net\\.(Socket|DatagramSocket|MulticastSocket|HttpURLConnection|URLConnection)|javax\\.net\\..*"
                                + "|java\\.nio\\.channels\\.(Asynchronous)?(Socket|Datagram)Channel")
                .orShould()
                .callMethod(URL.class, "openStream")
                .orShould()
                .callMethod(URL.class, "openConnection")
                .check(all);
    }
}
