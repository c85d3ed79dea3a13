package dev.quittance.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutsTest {

  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir private Path directory;

  private Checkouts checkouts() {
    return Checkouts.make(directory, Clock.fixed(NOW, ZoneOffset.UTC), "whsec_a", "test");
  }

  @Test
  void everyNumberIsAnotherEventOrderAndCustomer() {
    String one = new String(checkouts().body(1), UTF_8);
    String two = new String(checkouts().body(2), UTF_8);

    assertThat(one)
        .contains(checkouts().eventId(1))
        .contains(checkouts().email(1))
        .contains(checkouts().order(1).substring("stripe:".length()))
        .doesNotContain(checkouts().eventId(2), checkouts().email(2));
    assertThat(two).isEqualTo(checkouts().renamed(one, checkouts(), 1, 2));
  }

  @Test
  void aBodyIsAsLargeAsStripesAre() {
    assertThat(checkouts().body(1).length).isBetween(2_500, 4_500);
  }

  @Test
  void otherRunsHaveOtherCheckouts() {
    assertThat(checkouts().of("other").eventId(1)).isNotEqualTo(checkouts().eventId(1));
  }

  @Test
  void aRequestIsSignedAndSaysItsLength() {
    byte[] body = checkouts().body(3);
    String request = new String(checkouts().request(3), UTF_8);

    assertThat(request)
        .startsWith("POST /webhooks/stripe HTTP/1.1\r\n")
        .contains("Content-Length: " + body.length + "\r\n\r\n")
        .contains(new StripeSigner("whsec_a").header(NOW.getEpochSecond(), body))
        .endsWith(new String(body, UTF_8));
  }
}
