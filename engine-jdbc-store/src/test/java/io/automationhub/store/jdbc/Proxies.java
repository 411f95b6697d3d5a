package io.automationhub.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Objects of JDBC whose calls a test sees, changes or refuses. */
final class Proxies {

    private Proxies() {}

    /** What is done instead of a call. */
    interface Around {
        Object call(Method method, Object[] arguments, Original original) throws Throwable;
    }

    /** The call as it would have been. */
    interface Original {
        Object call() throws Throwable;
    }

    static <T> T of(Class<T> type, Object target, Around around) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> around.call(method, arguments, () -> {
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                })));
    }
}
