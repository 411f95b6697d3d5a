package io.automationhub.engine.functions;

import io.automationhub.engine.expression.FunctionLibrary;

/** Registers the functions of the language. */
public final class StandardFunctions {

    private static final FunctionLibrary LIBRARY = FunctionLibrary.loadedBy(() -> register(FunctionLibrary.builder()));

    private StandardFunctions() {}

    /** The library of them and nothing else. */
    public static FunctionLibrary library() {
        return LIBRARY;
    }

    /** Adds them all to a library, and returns it. */
    public static FunctionLibrary.Builder register(FunctionLibrary.Builder library) {
        TextFunctions.register(library);
        NumberFunctions.register(library);
        DateFunctions.register(library);
        ListFunctions.register(library);
        ObjectFunctions.register(library);
        EncodingFunctions.register(library);
        TypeFunctions.register(library);
        return library;
    }
}
