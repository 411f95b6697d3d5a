package io.automationhub.examples.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Runs the packaged jar by the commands that README shows. */
class ReadmeIT {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @Test
    void theMainCommandRunsTheSampleWorkflow() throws IOException, InterruptedException {
        String command = command("mvn -q -B package -DskipTests && java ");
        assertThat(run(command)).contains("\"status\": \"succeeded\"", "\"team\": \"on-call\"");
    }

    @Test
    void theTestCommandIsWhatTheContinuousBuildRuns() throws IOException {
        String command = command("mvn -B -Pall verify");
        assertThat(command).isEmpty();
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("\nmvn -B -Pall verify\n");
    }

    /** What follows {@code begin} in the only line of README that begins so. */
    private static String command(String begin) throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("README.md")).stream()
                .filter(line -> line.startsWith(begin))
                .toList();
        assertThat(lines).as("lines of README that begin with %s", begin).hasSize(1);
        return lines.get(0).substring(begin.length());
    }

    private static String run(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(ROOT.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
