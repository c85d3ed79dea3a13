package dev.quittance.launcher;

import java.nio.file.Path;

/// Where the script found itself, and where it keeps its data.
public final class Repository {

  private Repository() {}

  /// The script says where the repository is; without it, it is where one stands.
  public static Path root() {
    return Path.of(System.getProperty("quittance.root", "")).toAbsolutePath().normalize();
  }

  /// The data of what was started from here.
  public static Path home() {
    return root().resolve(".quittance");
  }
}
