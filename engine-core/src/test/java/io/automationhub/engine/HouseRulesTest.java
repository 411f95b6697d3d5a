package io.automationhub.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The house's rules, as docs/architecture.md states them. */
class HouseRulesTest {

    private static final String ROOT = "io.automationhub.engine";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    /** From the bottom up: each package may use itself and those it names. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("value", List.of()),
            Map.entry("error", List.of("value")),
            Map.entry("event", List.of("error", "value")),
            Map.entry("expression", List.of("error", "value")),
            Map.entry("functions", List.of("expression", "error", "value")),
            Map.entry("workflow", List.of("expression", "error", "value")),
            Map.entry("node", List.of("workflow", "expression", "event", "error", "value")),
            Map.entry("nodes.transform", List.of("node", "workflow", "functions", "expression", "error", "value")),
            Map.entry(
                    "nodes",
                    List.of(
                            "nodes.transform",
                            "schedule",
                            "node",
                            "workflow",
                            "functions",
                            "expression",
                            "event",
                            "error",
                            "value")),
            Map.entry("validation", List.of("node", "workflow", "expression", "error", "value")),
            Map.entry("store", List.of("workflow", "event", "error", "value")),
            Map.entry("security", List.of("event", "value")),
            Map.entry("schedule", List.of("store", "workflow", "expression", "error", "value")),
            Map.entry("internal.schedule", List.of("schedule", "store", "workflow", "error", "value")),
            Map.entry("internal.machine", List.of("workflow", "value")));

    static Iterable<String> packages() {
        return MAY_USE.keySet();
    }

    @ParameterizedTest
    @MethodSource("packages")
    void importsRunOneWay(String name) {
        String own = ROOT + "." + name;
        List<String> allowed =
                MAY_USE.get(name).stream().map(other -> ROOT + "." + other).toList();
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(
                        new com.tngtech.archunit.base.DescribedPredicate<JavaClass>("stand elsewhere in the engine") {
                            @Override
                            public boolean test(JavaClass target) {
                                String other = target.getPackageName();
                                return other.startsWith(ROOT) && !other.equals(own) && !allowed.contains(other);
                            }
                        })
                .check(CLASSES);
    }

    @Test
    void thereAreNoCircles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheEngineReachesInternal() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT, ROOT + ".internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".internal..")
                .check(CLASSES);
    }

    @Test
    void theMachineIsPure() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".internal.machine")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.util.concurrent..",
                        "org.slf4j..",
                        "java.time.chrono..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Instant")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void noJacksonTypeIsInThePublicApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".value", ROOT + ".validation")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("tools.jackson..")
                .check(CLASSES);
    }

    @Test
    void publicClassesAreFinalUnlessTheyAreMeantForInheritance() {
        List<String> open =
                List.of("EngineException", "RetriableException", "NonRetriableException", "Flow", "GroupRun");
        for (JavaClass type : CLASSES) {
            boolean counts = type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !type.isInterface()
                    && !type.isEnum()
                    && !type.isRecord()
                    && !type.getModifiers().contains(JavaModifier.FINAL);
            assertThat(!counts || open.contains(type.getSimpleName()))
                    .as(type.getName() + " is final")
                    .isTrue();
        }
    }

    @Test
    void everyPackageSaysWhatItIsForAndWhatMayBeNull() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(org.jspecify.annotations.NullMarked.class)
                .check(CLASSES);
        CLASSES.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .forEach(each ->
                        assertThat(each.tryGetPackageInfo()).as(each.getName()).isPresent());
    }
}
