package dev.quittance.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTokenTest {

  @TempDir Path home;

  @Test
  void aTokenStandsWhereOnlyItsOwnerReadsItUntilItIsForgotten() throws IOException {
    assertThat(LocalToken.of(home)).isEmpty();

    String token = LocalToken.make(home, new SecureRandom());

    assertThat(token).matches("[0-9a-f]{64}");
    assertThat(LocalToken.of(home)).hasValue(token);
    Path file = home.resolve("secrets/admin-token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");

    LocalToken.forget(home);
    assertThat(LocalToken.of(home)).isEmpty();
  }

  @Test
  void eachStackHasATokenOfItsOwn() {
    String first = LocalToken.make(home, new SecureRandom());
    String second = LocalToken.make(home, new SecureRandom());

    assertThat(second).isNotEqualTo(first);
    assertThat(LocalToken.of(home)).hasValue(second);
  }
}
