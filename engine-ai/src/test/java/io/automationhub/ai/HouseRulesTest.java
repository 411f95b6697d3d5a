package io.automationhub.ai;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The structure of the module: imports run one way, and what it stands on is used by its public API. */
class HouseRulesTest {

    private final JavaClasses all = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.automationhub.ai");

    @Test
    void importsRunOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("module")
                .definedBy("io.automationhub.ai")
                .layer("observe")
                .definedBy("..ai.observe..")
                .layer("langchain4j")
                .definedBy("..ai.langchain4j..")
                .layer("mcp")
                .definedBy("..ai.mcp..")
                .layer("agent")
                .definedBy("..ai.agent..")
                .layer("node")
                .definedBy("..ai.node..")
                .layer("tool")
                .definedBy("..ai.tool..")
                .layer("memory")
                .definedBy("..ai.memory..")
                .layer("guard")
                .definedBy("..ai.guard..")
                .layer("budget")
                .definedBy("..ai.budget..")
                .layer("call")
                .definedBy("..ai.call..")
                .layer("provider")
                .definedBy("..ai.provider..")
                .layer("scripted")
                .definedBy("..ai.scripted..")
                .layer("catalog")
                .definedBy("..ai.catalog..")
                .layer("model")
                .definedBy("..ai.model..")
                .layer("message")
                .definedBy("..ai.message..")
                .whereLayer("module")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("observe")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("langchain4j")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("agent")
                .mayOnlyBeAccessedByLayers("module")
                .whereLayer("mcp")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("node")
                .mayOnlyBeAccessedByLayers("module", "agent")
                .whereLayer("tool")
                .mayOnlyBeAccessedByLayers("module", "mcp", "node")
                .whereLayer("memory")
                .mayOnlyBeAccessedByLayers("module", "node", "agent")
                .whereLayer("provider")
                .mayOnlyBeAccessedByLayers("module", "mcp")
                .whereLayer("scripted")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("call")
                .mayOnlyBeAccessedByLayers("module", "agent", "node", "observe")
                .whereLayer("guard")
                .mayOnlyBeAccessedByLayers("module", "node", "call", "observe")
                .whereLayer("budget")
                .mayOnlyBeAccessedByLayers("module", "node", "call")
                .whereLayer("catalog")
                .mayOnlyBeAccessedByLayers("module", "agent", "node", "call", "budget", "provider")
                .whereLayer("model")
                .mayOnlyBeAccessedByLayers(
                        "module",
                        "observe",
                        "langchain4j",
                        "mcp",
                        "agent",
                        "tool",
                        "memory",
                        "node",
                        "call",
                        "budget",
                        "guard",
                        "provider",
                        "scripted",
                        "catalog")
                .whereLayer("message")
                .mayOnlyBeAccessedByLayers(
                        "observe",
                        "langchain4j",
                        "mcp",
                        "agent",
                        "tool",
                        "memory",
                        "node",
                        "call",
                        "guard",
                        "provider",
                        "scripted",
                        "model")
                .check(all);
    }

    @Test
    void theEngineAndTheDoorAreUsedByTheirPublicApi() {
        noClasses()
                .that()
                // The library that makes schemas of types gives trees of Jackson.
                .doNotHaveSimpleName("TypeSchemas")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.automationhub.engine.internal..", "tools.jackson..", "okhttp3..")
                .check(all);
    }
}
