package io.automationhub.engine.simulator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * The machine with one mistake in it, compiled from its changed source.
 *
 * @param file the source file of the machine's package
 * @param original a piece of it that occurs once
 * @param mistake what stands there instead
 */
record Mutant(String name, String file, String original, String mistake) {

    private static final String MACHINE = "io.automationhub.engine.internal.machine.";
    private static final String SIMULATOR = "io.automationhub.engine.simulator.";
    private static final Path SOURCES = Path.of("src/main/java", MACHINE.replace('.', '/'));

    /** The first seed at which the mistake shows; -1 if it does not within {@code graphs}. */
    long firstFailure(int graphs) throws IOException, ReflectiveOperationException {
        Path classes = Files.createTempDirectory("mutant");
        try {
            compile(classes);
            ClassLoader loader = new Isolated(classes);
            return (long) loader.loadClass(SIMULATOR + "Simulator")
                    .getMethod("firstFailure", long.class, int.class)
                    .invoke(null, 1L, graphs);
        } finally {
            delete(classes);
        }
    }

    private void compile(Path classes) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path source :
                    files.filter(path -> !path.endsWith("package-info.java")).toList()) {
                sources.add(new Source(source, text(source)));
            }
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringBuilder messages = new StringBuilder();
        boolean done = compiler.getTask(
                        null,
                        compiler.getStandardFileManager(null, null, null),
                        message -> messages.append(message).append('\n'),
                        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"),
                        null,
                        sources)
                .call();
        if (!done) {
            throw new AssertionError("The mutant '" + name + "' does not compile:\n" + messages);
        }
    }

    private String text(Path source) throws IOException {
        String text = Files.readString(source);
        if (!source.endsWith(file)) {
            return text;
        }
        int first = text.indexOf(original);
        if (first < 0 || text.indexOf(original, first + 1) >= 0) {
            throw new AssertionError(
                    "The mutant '" + name + "' needs its original exactly once in " + file + ": " + original);
        }
        return text.replace(original, mistake);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public String toString() {
        return name;
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(Path path, String text) {
            super(URI.create("string:///" + path.getFileName()), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreErrors) {
            return text;
        }
    }

    /** Loads the mutated machine and its own copy of the simulator; everything else comes from outside. */
    private static final class Isolated extends ClassLoader {

        private final Path mutated;

        Isolated(Path mutated) {
            super(Mutant.class.getClassLoader());
            this.mutated = mutated;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(MACHINE) && !name.startsWith(SIMULATOR)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : define(name);
            }
        }

        private Class<?> define(String name) {
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = name.startsWith(MACHINE)
                    ? Files.newInputStream(mutated.resolve(file))
                    : Mutant.class.getResourceAsStream("/" + file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
