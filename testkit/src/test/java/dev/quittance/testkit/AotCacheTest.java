package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

  private static final List<String> SMALL_HEADERS = List.of("-XX:+UseCompactObjectHeaders");
  private static final List<String> LARGE_HEADERS = List.of("-XX:-UseCompactObjectHeaders");
  private static final String GREETING = "worked";

  @TempDir Path directory;
  private Path program;
  private AotCache cache;

  @BeforeEach
  void build() throws IOException {
    program = directory.resolve("program.jar");
    write(program);
    cache = AotCache.of(program);
  }

  @Test
  void whatWasNeverTrainedKeepsItsClassesInstead() {
    assertThat(cache.fits()).isFalse();
    assertThat(cache.take()).isFalse();
    assertThat(Jvm.startSooner(directory.resolve("program.jsa"), program))
        .contains("-XX:+AutoCreateSharedArchive");
  }

  @Test
  void whatWasLearntIsUsedFromTheNextStartOn() throws Exception {
    train();

    assertThat(cache.fits()).isTrue();
    List<String> options = Jvm.startSooner(directory.resolve("program.jsa"), program);
    assertThat(options).contains("-XX:AOTCache=" + cache.file());
    // and nothing beside it: a JVM that is asked for both doesn't start
    assertThat(options).noneMatch(option -> option.contains("Shared"));
    assertThat(run(SMALL_HEADERS, options, "-Xlog:class+load"))
        .contains(GREETING)
        .containsPattern(Worker.class.getSimpleName() + " source: shared objects file");
  }

  @Test
  void whatIsStillBeingWrittenIsNotUsed() throws Exception {
    run(SMALL_HEADERS, cache.learn());

    assertThat(cache.fits()).isFalse();
    assertThat(cache.take()).isTrue();
    assertThat(cache.fits()).isTrue();
  }

  @Test
  void buildMakesItForgottenUntilTheNextTraining() throws Exception {
    train();
    Files.setLastModifiedTime(program, FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));

    assertThat(cache.fits()).isFalse();
    assertThat(Jvm.startSooner(directory.resolve("program.jsa"), program))
        .contains("-XX:+AutoCreateSharedArchive");
  }

  @Test
  void jvmThatItDoesNotFitWorksWithoutIt() throws Exception {
    train();

    assertThat(run(LARGE_HEADERS, cache.use())).contains(GREETING);
  }

  @Test
  void jvmWorksWithoutWhatIsBroken() throws Exception {
    Files.writeString(cache.file(), "not what a JVM wrote");

    assertThat(run(SMALL_HEADERS, cache.use())).contains(GREETING);
  }

  @Test
  void otherJvmsMakeTheirOwn() {
    assertThat(cache.file().getFileName().toString()).contains(Runtime.version().toString());
  }

  private void train() throws Exception {
    run(SMALL_HEADERS, cache.learn());
    assertThat(cache.take()).isTrue();
  }

  private String run(List<String> headers, List<String> options, String... more) throws Exception {
    List<String> all = Stream.of(headers, options, List.of(more)).flatMap(List::stream).toList();
    Process process =
        new ProcessBuilder(Jvm.command(all, "-jar", program.toString()))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static void write(Path jar) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Worker.class.getName());
    String name = Worker.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file, manifest);
        var bytes = Worker.class.getClassLoader().getResourceAsStream(name)) {
      out.putNextEntry(new JarEntry(name));
      Objects.requireNonNull(bytes).transferTo(out);
    }
  }

  /// A program that says something and ends.
  static final class Worker {

    private Worker() {}

    public static void main(String[] args) {
      System.out.println(GREETING);
    }
  }
}
