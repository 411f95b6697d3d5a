package io.automationhub.engine.testkit;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * For JUnit: gives each test a {@link TestEngine} of its own, as a parameter, closes it afterwards, and prints what happened in
 * its runs when the test fails.
 *
 * <pre>{@code
 * @RegisterExtension
 * final TestEngineExtension engines = TestEngineExtension.of(TestEngine.builder().node("mail.send", mail)::build);
 *
 * @Test
 * void isSent(TestEngine engine) { … }
 * }</pre>
 *
 * With {@code @ExtendWith(TestEngineExtension.class)} the engine has the built-in nodes.
 */
public final class TestEngineExtension
        implements BeforeEachCallback, AfterEachCallback, ParameterResolver, TestExecutionExceptionHandler {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(TestEngineExtension.class);

    private final Supplier<TestEngine> engines;

    /** Engines with the built-in nodes. */
    public TestEngineExtension() {
        this(TestEngine::create);
    }

    private TestEngineExtension(Supplier<TestEngine> engines) {
        this.engines = engines;
    }

    /** Engines that the test makes. */
    public static TestEngineExtension of(Supplier<TestEngine> engines) {
        return new TestEngineExtension(engines);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(TestEngine.class, engines.get());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        TestEngine engine = context.getStore(NAMESPACE).remove(TestEngine.class, TestEngine.class);
        if (engine != null) {
            engine.close();
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        TestEngine engine = context.getStore(NAMESPACE).get(TestEngine.class, TestEngine.class);
        if (engine != null && !String.valueOf(thrown.getMessage()).contains("The story of run")) {
            thrown.addSuppressed(new AssertionError(engine.stories()));
        }
        throw thrown;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestEngine.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).get(TestEngine.class, TestEngine.class);
    }
}
