package dev.quittance.receipts.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.ReceiptEvent.Kind;
import org.junit.jupiter.api.Test;

class ReceiptKeyTest {

  private final OrderId order = OrderId.of("stripe", "pi_1");

  @Test
  void idFollowsFromTheKeyForEver() {
    assertThat(ReceiptKey.payment(order).id().value())
        .isEqualTo(new ReceiptKey(order, Kind.PAYMENT, "payment").id().value())
        .isEqualTo("rcp_gdvqymeddf7ikkoe2qmjuudrzy");
  }

  @Test
  void differentKeysHaveDifferentIds() {
    assertThat(ReceiptKey.refund(order, "re_1").id())
        .isNotEqualTo(ReceiptKey.correction(order, "re_1").id())
        .isNotEqualTo(ReceiptKey.refund(order, "re_2").id())
        .isNotEqualTo(ReceiptKey.refund(OrderId.of("stripe", "pi_2"), "re_1").id());
  }

  @Test
  void textThatIsNoIdIsRefused() {
    assertThatThrownBy(() -> new ReceiptId("rcp_'; drop table receipts"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
