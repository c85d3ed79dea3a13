package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import dev.quittance.testkit.StackPorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// By how much the ports of the stack that runs here differ from the documented ones: `up` writes
/// it down, and the other commands find the stack by it.
final class PortOffset {

  private PortOffset() {}

  static void write(Path home, int offset) {
    try {
      Files.writeString(file(home), offset + "\n");
    } catch (IOException e) {
      throw new StackFault("The directory " + home + " can't be written to", e);
    }
  }

  /// Where the stack of this repository listens, or last did.
  static StackPorts ports(Path home) {
    try {
      return StackPorts.LOCAL.shifted(Integer.parseInt(Files.readString(file(home)).strip()));
    } catch (NoSuchFileException | NumberFormatException _) {
      return StackPorts.LOCAL;
    } catch (IOException e) {
      throw new StackFault("The file " + file(home) + " can't be read", e);
    }
  }

  private static Path file(Path home) {
    return home.resolve("port-offset");
  }
}
