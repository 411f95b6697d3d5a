package io.automationhub.engine.functions;

import io.automationhub.engine.expression.FunctionLibrary;

/** Registers the functions of the language. */
public final class StandardFunctions {

    private StandardFunctions() {}

    /** A library of them and nothing else. */
    public static FunctionLibrary library() {
        FunctionLibrary.Builder library = FunctionLibrary.builder();
        register(library);
        return library.build();
    }

    /** Adds them all to a library. */
    public static void register(FunctionLibrary.Builder library) {
        TextFunctions.register(library);
        NumberFunctions.register(library);
        DateFunctions.register(library);
        ListFunctions.register(library);
        ObjectFunctions.register(library);
        EncodingFunctions.register(library);
        TypeFunctions.register(library);
    }
}
