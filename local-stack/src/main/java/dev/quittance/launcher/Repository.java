package dev.quittance.launcher;

import java.nio.file.Path;

/// Where the script found itself, and where it keeps its data.
final class Repository {

  private Repository() {}

  /// The script says where the repository is; without it, it is where one stands.
  static Path root() {
    return Path.of(System.getProperty("quittance.root", "")).toAbsolutePath().normalize();
  }

  static Path home() {
    return root().resolve(".quittance");
  }
}
