package dev.quittance.testkit;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/// Directories that hold a server's data.
public final class Directories {

  private Directories() {}

  static Path temporary(String prefix) {
    try {
      return Files.createTempDirectory(prefix);
    } catch (IOException e) {
      throw new StackFault("No temporary directory could be made", e);
    }
  }

  /// Makes a directory where it isn't there yet.
  public static Path made(Path directory) {
    try {
      return Files.createDirectories(directory).toAbsolutePath().normalize();
    } catch (IOException e) {
      throw new StackFault("The directory " + directory + " could not be made", e);
    }
  }

  /// Deletes a file if another was written after it.
  static void deleteOlder(Path file, Path than) {
    try {
      if (Files.exists(file)
          && Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(than)) < 0) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new StackFault("The file " + file + " could not be deleted", e);
    }
  }

  /// Moves a file in place of another, if it is there.
  static void move(Path file, Path place) {
    try {
      Files.move(file, place, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException _) {
      // nothing to move
    } catch (IOException e) {
      throw new StackFault("The file " + file + " could not be moved", e);
    }
  }

  /// Deletes a directory and what is in it. Links are deleted, not followed.
  public static void delete(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
              if (e instanceof NoSuchFileException) {
                return FileVisitResult
                    .CONTINUE; // a server that is stopping removes files of its own
              }
              throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new StackFault("The directory " + directory + " could not be deleted", e);
    }
  }
}
