package dev.quittance.testkit;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.testcontainers.DockerClientFactory;

/// The engine that containers are started on. Testcontainers are on the class path of tests alone.
final class ContainerEngine {

  private static final Logger LOG = Logger.getLogger(ContainerEngine.class.getName());

  private ContainerEngine() {}

  /// Whether there is one; else a line in the log says what serves instead.
  static boolean answers() {
    boolean there = DockerClientFactory.instance().isDockerAvailable();
    if (!there) {
      LOG.log(
          Level.WARNING,
          "Containers were asked for and no engine answers: child processes serve instead");
    }
    return there;
  }
}
