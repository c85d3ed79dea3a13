package dev.quittance.ingest.provider.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.ingest.endpoint.Endpoint.Mode;
import dev.quittance.ingest.endpoint.Endpoint.OrdersFrom;
import dev.quittance.ingest.provider.Bodies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class StripeEventTypeTest {

  private static final Path GUIDE = Path.of("../docs/providers/stripe.md");

  /// Without one of them a session that is captured by hand stays unpaid for ever.
  @Test
  void whatTellsACaptureByHandHasToBeRegisteredWhereverOrdersComeFrom() {
    for (OrdersFrom ordersFrom : OrdersFrom.values()) {
      assertThat(registered(ordersFrom))
          .contains("payment_intent.succeeded", "charge.captured", "payment_intent.canceled")
          .contains("checkout.session.completed", "refund.updated", "charge.dispute.closed");
    }
  }

  /// Stripe sends no `refund.*` of a charge's refund to endpoints of versions before 2024-10-28.
  @Test
  void aRefundThatFailsIsHeardOfAtEndpointsOfAnyVersion() {
    for (OrdersFrom ordersFrom : OrdersFrom.values()) {
      assertThat(registered(ordersFrom)).contains("refund.failed", "charge.refund.updated");
    }
  }

  @Test
  void paymentIntentsAreRegisteredForWhereOrdersComeFromThem() {
    assertThat(registered(OrdersFrom.PAYMENT_INTENTS))
        .contains("payment_intent.processing", "charge.succeeded");
    assertThat(registered(OrdersFrom.CHECKOUT)).doesNotContain("payment_intent.processing");
  }

  @Test
  void theGuideNamesTheSame() throws IOException {
    String guide = Files.readString(GUIDE);

    assertThat(block(guide, "With `ORDERS_FROM=checkout`"))
        .containsExactlyElementsOf(registered(OrdersFrom.CHECKOUT));
    assertThat(block(guide, "With `ORDERS_FROM=payment_intents`"))
        .containsExactlyElementsOf(registered(OrdersFrom.PAYMENT_INTENTS));
  }

  /// The lines of the first indented block after a sentence.
  private static List<String> block(String guide, String sentence) {
    var block =
        Pattern.compile(Pattern.quote(sentence) + "[^\n]*\n\n((?:    .*\n)+)").matcher(guide);
    assertThat(block.find()).as(sentence).isTrue();
    return List.of(block.group(1).strip().split("\\s+"));
  }

  private static List<String> registered(OrdersFrom ordersFrom) {
    return StripeEventType.toRegister(Bodies.endpoint("stripe", Mode.ANY, ordersFrom));
  }
}
