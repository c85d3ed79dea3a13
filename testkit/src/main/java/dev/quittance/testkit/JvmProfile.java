package dev.quittance.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// How the JVMs of a stack are started.
public enum JvmProfile {
  /// On a laptop: with what they know, and with the first compiler alone. Whoever tries things out
  /// meets young JVMs, whose second compiler takes a quarter of both cores for the first minutes
  /// and has earned nothing by the time they are stopped.
  LAPTOP {
    @Override
    List<String> options(Path classes, Path program) {
      return Stream.concat(compilers().stream(), Jvm.startSooner(classes, program).stream())
          .toList();
    }

    @Override
    List<String> compilers() {
      return List.of("-XX:TieredStopAtLevel=1");
    }
  },

  /// To be measured, or to run for long: with what they know, and both compilers.
  WORK {
    @Override
    List<String> options(Path classes, Path program) {
      return Jvm.startSooner(classes, program);
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

    // nothing that somebody set for their own stack: made-up payments are no business of their
    // provider's API, nor of whoever collects their traces
    @Override
    boolean inherits(String variable) {
      return SETTINGS.stream().noneMatch(variable::startsWith);
    }
  };

  private static final List<String> SETTINGS = List.of("QUITTANCE_", "QUARKUS_", "OTEL_");

  /// Five JVMs at once on two busy cores take a fifth of it.
  private static final Duration WRITTEN_MAX = Duration.ofMinutes(3);

  /// @param classes a file to keep loaded classes in
  abstract List<String> options(Path classes, Path program);

  /// What limits the compilers.
  List<String> compilers() {
    return List.of();
  }

  /// How long a JVM may take to end.
  Duration stopMax(Duration usual) {
    return usual;
  }

  /// Whether it is told what this variable says in our own environment.
  boolean inherits(String variable) {
    return true;
  }
}
