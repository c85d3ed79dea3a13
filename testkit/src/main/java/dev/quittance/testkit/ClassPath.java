package dev.quittance.testkit;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The class path of this JVM, for children that run the same classes.
public final class ClassPath {

  private ClassPath() {}

  /// Surefire starts its JVM from a jar that holds nothing but a manifest, and leaves the real path
  /// in a property; everywhere else it is where one expects it.
  static String ofThisJvm() {
    return Stream.of("surefire.test.class.path", "java.class.path")
        .map(System::getProperty)
        .filter(path -> path != null && !path.isBlank())
        .findFirst()
        .orElseThrow(() -> new StackFault("This JVM doesn't know its own class path"));
  }

  /// The jar or directory that the class comes from.
  public static Path containing(Class<?> one) {
    try {
      return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
