package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.testkit.StackFault;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SingleStackTest {

  @Test
  void givesTheRightToOneAtATime(@TempDir Path home) {
    try (var first = SingleStack.claim(home)) {
      assertThat(first.lock().isValid()).isTrue();
      // within one JVM the platform itself says so; another JVM gets the sentence
      assertThatThrownBy(() -> SingleStack.claim(home))
          .isInstanceOfAny(OverlappingFileLockException.class, StackFault.class);
    }

    try (var second = SingleStack.claim(home)) {
      assertThat(second.lock().isValid()).isTrue();
    }
  }
}
