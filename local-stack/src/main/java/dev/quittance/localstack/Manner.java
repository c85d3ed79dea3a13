package dev.quittance.localstack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How the JVMs of a stack are started.
enum Manner {
  /// With what they know.
  WORK {
    @Override
    List<String> options(Path classes, Path program) {
      return Jvm.startSooner(classes, program);
    }

    @Override
    Duration stopMax(Duration usual) {
      return usual;
    }
  },

  /// To learn what they are to know, and to write it down at the end.
  LEARN {
    @Override
    List<String> options(Path classes, Path program) {
      return AotCache.of(program).learn();
    }

    @Override
    Duration stopMax(Duration usual) {
      return WRITTEN_MAX;
    }
  };

  /// Five JVMs at once on two busy cores take a fifth of it.
  private static final Duration WRITTEN_MAX = Duration.ofMinutes(3);

  /// @param classes a file to keep loaded classes in
  abstract List<String> options(Path classes, Path program);

  /// How long a JVM may take to end.
  abstract Duration stopMax(Duration usual);
}
