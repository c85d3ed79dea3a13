package dev.quittance.receipts.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.access.Caller;
import dev.quittance.access.CallerContext;
import dev.quittance.access.RefusedRequest;
import dev.quittance.access.Role;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RequestsTest {

  private final CallerContext console =
      new CallerContext(new Caller("admin-token", Role.ADMIN, Caller.Way.TOKEN), true);

  /// The console says the name that the OpenID provider gives; a refusal would keep whoever has a
  /// long one from sending anything.
  @Test
  void aLongNameIsWrittenDownAsFarAsANameGoes() {
    String longest = "a".repeat(Caller.NAME_LENGTH_MAX);

    assertThat(Requests.by(null, console)).isEqualTo("admin-token");
    assertThat(Requests.by("ada", console)).isEqualTo("admin-token (ada)");
    assertThat(Requests.by(longest, console)).isEqualTo("admin-token (" + longest + ")");
    assertThat(Requests.by(longest + "bcd", console)).isEqualTo("admin-token (" + longest + ")");
    assertThatThrownBy(() -> Requests.by("a\u0000", console)).isInstanceOf(RefusedRequest.class);
  }

  @Test
  void theSameRequestUnderTheSameKeyIsTheSameHoweverLongTheName() {
    byte[] body = ("{\"by\": \"" + "a".repeat(1_000) + "\"}").getBytes(StandardCharsets.UTF_8);

    assertThat(Requests.resending(body, "key-1", console))
        .isEqualTo(Requests.resending(body, "key-1", console));
  }

  @Test
  void whatASendingSaysIsInNoLine() {
    assertThat(new Requests.Resending("ada@example.com", "otto").toString())
        .isEqualTo("Resending[otto]");
    assertThat(new ReceiptsResource.Testing("ada@example.com", "stripe").toString())
        .isEqualTo("Testing[stripe]");
  }
}
