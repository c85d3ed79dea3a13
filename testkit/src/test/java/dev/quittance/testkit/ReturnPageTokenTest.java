package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReturnPageTokenTest {

  private static final String ASKED_FOR = "QUITTANCE_RETURN_PAGE_TOKEN";
  private static final String SHOWN = "QUITTANCE_FULFILLMENT_TOKEN";

  @TempDir
  @SuppressWarnings("NullAway.Init") // the test framework sets it
  Path home;

  private Map<String, String> environment(Service service, ReturnPageToken token) {
    return ServiceEnvironment.of(
        service, new Stack.Plan(home, home, StackPorts.LOCAL, token, Map.of()));
  }

  @Test
  void theReturnPageShowsWhatFulfillmentServiceAsksForAndNobodyElseHasIt() {
    var token = ReturnPageToken.of(Map.of(), new SplittableRandom(7));

    assertThat(environment(Service.INGEST, token))
        .containsEntry(SHOWN, token.value())
        .doesNotContainKey(ASKED_FOR);
    assertThat(environment(Service.FULFILLMENT, token))
        .containsEntry(ASKED_FOR, token.value())
        .doesNotContainKey(SHOWN);
    for (Service other : new Service[] {Service.RECEIPTS, Service.SANDBOX}) {
      assertThat(environment(other, token)).doesNotContainKeys(SHOWN, ASKED_FOR);
    }
  }

  @Test
  void eachStackHasOneOfItsOwnUnlessOneIsSet() {
    var random = new SplittableRandom(7);

    assertThat(ReturnPageToken.of(Map.of(), random))
        .isNotEqualTo(ReturnPageToken.of(Map.of(), random));
    assertThat(ReturnPageToken.of(Map.of(ASKED_FOR, " "), random).value()).hasSize(64);
    assertThat(ReturnPageToken.of(Map.of(ASKED_FOR, "theirs"), random).value()).isEqualTo("theirs");
  }

  @Test
  void aTokenDoesNotPrint() {
    assertThat(new ReturnPageToken("hush")).asString().doesNotContain("hush");
  }
}
