package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// One of the subscribers in `docs/examples`, as somebody would run their copy of it.
///
/// @param classPath where its classes are, if it has any
record Example(String language, Path home, List<String> command, String classPath) {

  private static final Path EXAMPLES = Path.of("../docs/examples");

  /// A registry that is slow today needs so long for one small package.
  private static final long INSTALL_S_MAX = 120;

  private static final long STOP_S_MAX = 10;

  /// Compiles the example, against the client and the JSON library of these tests: the same as its
  /// own, of versions that are near.
  static Example inJava(Path directory) throws IOException, InterruptedException {
    Path home = EXAMPLES.resolve("subscriber-java");
    Path classes = directory.resolve("classes");
    var compiler =
        new ArrayList<>(List.of(tool("javac"), "-d", classes.toString(), "-cp", ownClassPath()));
    try (Stream<Path> sources = Files.walk(home.resolve("src/main/java"))) {
      sources
          .filter(file -> file.toString().endsWith(".java"))
          .map(Path::toString)
          .forEach(compiler::add);
    }
    run(new ProcessBuilder(compiler));
    return new Example(
        "java",
        home,
        List.of(tool("java"), "-Xmx128m", "example.shipping.ShippingSubscriber"),
        classes + File.pathSeparator + ownClassPath());
  }

  /// Installs the example's one package, once for as long as the build's directory lives. Skipped
  /// where there is no Node.js, or no registry that hands the package out: neither says anything
  /// about the example.
  static Example inNode() throws IOException, InterruptedException {
    Path home = Path.of("target/subscriber-node");
    Files.createDirectories(home);
    try (Stream<Path> files = Files.list(EXAMPLES.resolve("subscriber-node"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, home.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try {
      run(new ProcessBuilder("node", "--version"));
    } catch (IOException _) {
      Assumptions.abort("there is no Node.js here");
    }
    Assumptions.assumeTrue(
        Files.isDirectory(home.resolve("node_modules/kafkajs")) || isInstalled(home),
        "its one package can be had now");
    return new Example("node", home, List.of("node", "subscriber.js"), "");
  }

  /// What npm says when it is the registry, and not the example, that is to blame.
  private static final Pattern REGISTRY_AWAY =
      Pattern.compile("ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|\\bE5\\d\\d\\b");

  /// A subscriber that runs until it is closed.
  record Running(Process process) implements AutoCloseable {
    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(STOP_S_MAX, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException _) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }

  Running start(String bootstrapServers, String group, Path journal) throws IOException {
    var builder = new ProcessBuilder(command).directory(home.toFile());
    Path log = Path.of("target", "subscriber-" + language + ".log").toAbsolutePath();
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", bootstrapServers);
    builder.environment().put("GROUP_ID", group);
    builder.environment().put("JOURNAL", journal.toAbsolutePath().toString());
    if (!classPath.isEmpty()) {
      builder.environment().put("CLASSPATH", classPath);
    }
    return new Running(builder.start());
  }

  private static boolean isInstalled(Path home) throws IOException, InterruptedException {
    Process npm =
        new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("npm.log").toFile())
            .start();
    if (!npm.waitFor(INSTALL_S_MAX, TimeUnit.SECONDS)) {
      npm.destroyForcibly().waitFor();
      deleteModules(home); // half of them would look like all of them the next time
      return false;
    }
    String said = Files.readString(home.resolve("npm.log"));
    boolean installed = npm.exitValue() == 0;
    assertThat(installed || REGISTRY_AWAY.matcher(said).find()).as(said).isTrue();
    return installed;
  }

  private static void deleteModules(Path home) throws IOException {
    Path modules = home.resolve("node_modules");
    if (Files.exists(modules)) {
      try (Stream<Path> all = Files.walk(modules)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(INSTALL_S_MAX, TimeUnit.SECONDS)).as(said).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  private static String tool(String name) {
    return Path.of(System.getProperty("java.home"), "bin", name).toString();
  }

  /// Surefire starts its JVM from a jar that holds nothing but a manifest, and leaves the real path
  /// in a property.
  private static String ownClassPath() {
    return Optional.ofNullable(System.getProperty("surefire.test.class.path"))
        .orElseGet(() -> System.getProperty("java.class.path"));
  }
}
