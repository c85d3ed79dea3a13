package dev.quittance.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;

/// What a JVM learnt about a program while it worked: which classes it loads and how they hang
/// together (JEP 483), and which methods are worth compiling and how (JEP 515). With it the program
/// starts in half the time.
///
/// It stands beside the program, so that a build takes it away. It fits one JDK, one class path and
/// one kind of object headers; a JVM that it doesn't fit says so in a line of its log and starts
/// without.
///
/// @param file named after this JVM, so that another makes one of its own
record AotCache(Path program, Path file) {

  /// Without the machine code that JDK 25 keeps, too: until 25.0.5 nobody asks whether it is for
  /// this processor, and where it isn't the JVM crashes (JDK-8388703).
  private static final List<String> WITHOUT_MACHINE_CODE =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching");

  static AotCache of(Path program) {
    return new AotCache(
        program, program.resolveSibling(program.getFileName() + "-" + Runtime.version() + ".aot"));
  }

  /// Whether there is one, and the program is none newer.
  boolean fits() {
    try {
      return Files.exists(file) && age(file).compareTo(age(program)) >= 0;
    } catch (IOException e) {
      throw new StackFault("The file " + file + " can't be read", e);
    }
  }

  private static FileTime age(Path path) throws IOException {
    return Files.getLastModifiedTime(path);
  }

  /// The options of a JVM that uses it.
  List<String> use() {
    return with("-XX:AOTCache=" + file);
  }

  /// The options of a JVM that learns it, and writes it down when it ends, which takes a second JVM
  /// some seconds of both of a laptop's cores.
  List<String> learn() {
    forget();
    return with("-XX:AOTCacheOutput=" + learning());
  }

  private static List<String> with(String option) {
    return Stream.concat(WITHOUT_MACHINE_CODE.stream(), Stream.of(option)).toList();
  }

  /// Takes what was learnt into use, all at once: what a JVM was kept from finishing counts for
  /// nothing.
  ///
  /// @return whether there was something
  boolean take() {
    boolean learnt = Files.exists(learning());
    Directories.move(learning(), file);
    return learnt;
  }

  /// Deletes what a training that failed or was broken off has begun to write.
  void forget() {
    Directories.delete(learning());
  }

  private Path learning() {
    return file.resolveSibling(file.getFileName() + ".learning");
  }
}
