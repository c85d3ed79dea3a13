package dev.quittance.ingest.endpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// A mounted file of signing secrets, separated by commas or line ends.
record SecretsFile(Path path) {

  /// Eight secrets of the longest kind take 2 KiB; whoever names a bigger file named a wrong one.
  static final int BYTES_MAX = 65_536;

  /// Reads the file anew: Kubernetes changes a mounted secret by swapping a symbolic link, which no
  /// file watcher sees reliably.
  ///
  /// @throws IOException when it can't be read or is too big
  String read() throws IOException {
    if (Files.size(path) > BYTES_MAX) {
      throw new IOException("more than " + BYTES_MAX + " bytes");
    }
    return Files.readString(path);
  }

  /// The secrets in a text: separated by commas or line ends, blanks around them left out.
  static List<SigningSecret> secrets(String text) {
    return Arrays.stream(text.split("[,\\r\\n]", -1))
        .map(String::strip)
        .filter(secret -> !secret.isEmpty())
        .map(SigningSecret::new)
        .toList();
  }
}
