package dev.quittance.launcher;

import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The right to run the stack of this directory. The kernel takes it back when its holder ends,
/// however that happens.
record SingleStack(FileChannel file, FileLock lock) implements AutoCloseable {

  /// @throws StackFault when another launcher runs the stack
  static SingleStack claim(Path home) {
    try {
      Path path = Files.createDirectories(home).resolve("lock");
      var file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      FileLock lock = file.tryLock();
      if (lock == null) {
        file.close();
        throw new StackFault(
            "It is up already, run by process "
                + Files.readString(path).strip()
                + ": use that one, or stop it with Ctrl-C where it runs.");
      }
      file.truncate(0);
      var _ = file.write(StandardCharsets.US_ASCII.encode(ProcessHandle.current().pid() + "\n"));
      return new SingleStack(file, lock);
    } catch (IOException e) {
      throw new StackFault("The directory " + home + " can't be used", e);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      file.close();
    } catch (IOException e) {
      throw new StackFault("The lock could not be given back", e);
    }
  }
}
