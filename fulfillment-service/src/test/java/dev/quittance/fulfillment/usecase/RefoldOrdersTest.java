package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.order.Facts;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Orders that an older fold has stored, reached by a newer one.
class RefoldOrdersTest {

  private DataSource database;
  private ServiceUnderTest service;
  private RefoldOrders refold;

  @BeforeEach
  void threeOrdersOfWhichOneIsStoredAsAnOlderFoldSawIt() throws SQLException, IOException {
    database = TestDatabase.create();
    service = new ServiceUnderTest(database);
    refold = new RefoldOrders(service.transactions, service.clock);
    for (String id : List.of("stripe:pi_1", "stripe:pi_2", "stripe:pi_3")) {
      service.take(Facts.of(new OrderId(id)).paid());
    }
    TestDatabase.run(
        database,
        """
        UPDATE orders
           SET payment_status = 'refunded',
               view = convert_to((convert_from(view, 'UTF8')::jsonb
                        || '{"paymentStatus": "refunded", "fulfillmentStatus": "canceled"}')::text, 'UTF8'),
               told = convert_to((convert_from(told, 'UTF8')::jsonb
                        || '{"effect": "canceled", "refunded": {"minorUnits": 3000, "currency": "USD"}}')::text, 'UTF8')
         WHERE id = 'stripe:pi_2'
        """);
    TestDatabase.run(database, "DELETE FROM outbox; DELETE FROM states_due");
  }

  @Test
  void aDryRunSaysHowManyChangeAndChangesNothing() throws SQLException {
    assertThat(refold.next(null, 200, true)).isEqualTo(new RefoldOrders.Batch(3, 1, null));

    assertThat(outbox()).isEmpty();
    assertThat(statesDue()).isEmpty();
    assertThat(service.order(new OrderId("stripe:pi_2")).paymentStatus())
        .isEqualTo(PaymentStatus.REFUNDED);
  }

  @Test
  void whatDiffersIsStoredAndToldAndARepetitionChangesNothing() throws SQLException {
    assertThat(refold.next(null, 200, false)).isEqualTo(new RefoldOrders.Batch(3, 1, null));

    var changed = service.order(new OrderId("stripe:pi_2"));
    assertThat(changed.paymentStatus()).isEqualTo(PaymentStatus.PAID);
    assertThat(changed.fulfillmentStatus()).isEqualTo(FulfillmentStatus.DUE);
    assertThat(service.published(new OrderId("stripe:pi_2")))
        .endsWith("order.refunded", "fulfillment.released");
    assertThat(outbox()).containsExactly("stripe:pi_2", "stripe:pi_2");
    assertThat(statesDue()).containsExactly("stripe:pi_2");
    assertThat(refold.next(null, 200, false)).isEqualTo(new RefoldOrders.Batch(3, 0, null));
  }

  @Test
  void batchesGoOnBehindTheLastOrder() throws SQLException {
    RefoldOrders.Batch first = refold.next(null, 2, false);
    assertThat(first).isEqualTo(new RefoldOrders.Batch(2, 1, new OrderId("stripe:pi_2")));

    assertThat(refold.next("stripe:pi_2", 2, false)).isEqualTo(new RefoldOrders.Batch(1, 0, null));
  }

  private List<String> outbox() throws SQLException {
    return TestDatabase.ask(database, "SELECT order_id FROM outbox ORDER BY id");
  }

  private List<String> statesDue() throws SQLException {
    return TestDatabase.ask(database, "SELECT order_id FROM states_due ORDER BY id");
  }
}
