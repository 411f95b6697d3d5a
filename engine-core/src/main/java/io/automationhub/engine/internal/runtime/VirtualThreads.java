package io.automationhub.engine.internal.runtime;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * The virtual threads of Java 21 and later, for code that Java 17 has to load. Where they cannot be reached, as in an image
 * that knows no reflection, it is as if there were none.
 */
final class VirtualThreads {

    /** On Java 19 and 20 virtual threads are a preview: present, but refused without a flag. */
    private static final boolean KNOWN = Runtime.version().feature() >= 21;

    private static final Lookup LOOKUP = MethodHandles.publicLookup();
    private static final @Nullable MethodHandle IS_VIRTUAL = KNOWN ? isVirtual() : null;

    private VirtualThreads() {}

    /** Makes virtual threads that inherit no thread locals; null if there are none. */
    static @Nullable ThreadFactory factory() {
        if (!KNOWN) {
            return null;
        }
        try {
            Class<?> builder = Class.forName("java.lang.Thread$Builder");
            Class<?> ofVirtual = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object made = LOOKUP.findStatic(Thread.class, "ofVirtual", MethodType.methodType(ofVirtual))
                    .invoke();
            LOOKUP.findVirtual(builder, "inheritInheritableThreadLocals", MethodType.methodType(builder, boolean.class))
                    .invoke(made, false);
            return (ThreadFactory) LOOKUP.findVirtual(builder, "factory", MethodType.methodType(ThreadFactory.class))
                    .invoke(made);
        } catch (ReflectiveOperationException e) {
            return null;
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot make virtual threads", e);
        }
    }

    /** Whether the calling thread is one. */
    static boolean isCurrent() {
        try {
            return IS_VIRTUAL != null && (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
        } catch (Throwable e) {
            throw new IllegalStateException("Cannot tell whether the thread is a virtual one", e);
        }
    }

    private static @Nullable MethodHandle isVirtual() {
        try {
            return LOOKUP.findVirtual(Thread.class, "isVirtual", MethodType.methodType(boolean.class));
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
