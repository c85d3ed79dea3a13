package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.fulfillment.order.Facts;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

class StatementsPerBatchTest {

  /// Claim, lock and read; write and commit.
  private static final int EXCHANGES = 2;

  private final AtomicInteger statements = new AtomicInteger();

  @Test
  void theNumberOfRoundTripsDoesNotGrowWithTheBatch() throws SQLException, IOException {
    var service = new ServiceUnderTest(counted(TestDatabase.create()));

    int forOne = count(service, batch(1, 1));
    int forMany = count(service, batch(1000, 200));
    int forOneKnownAndOneNew = count(service, again(1, 1));
    int forManyKnownAndNew = count(service, again(1000, 200));

    assertThat(forMany).isEqualTo(forOne);
    assertThat(forManyKnownAndNew).isEqualTo(forOneKnownAndOneNew).isEqualTo(EXCHANGES);
    assertThat(
            TestDatabase.ask(
                service.database, "SELECT count(*) FROM orders WHERE payment_status = 'refunded'"))
        .containsExactly("100");
    assertThat(TestDatabase.ask(service.database, "SELECT count(DISTINCT id) FROM orders"))
        .containsExactly("402");
  }

  @Test
  void claimsOfReferencesTakeOneMoreHoweverManyThereAre() throws SQLException {
    var service = new ServiceUnderTest(counted(TestDatabase.create()));

    assertThat(count(service, naming(1, 1))).isEqualTo(EXCHANGES + 1);
    assertThat(count(service, naming(1000, 200))).isEqualTo(EXCHANGES + 1);
  }

  /// So many orders that go out, each of its own reference.
  private static List<PaymentFact> naming(int first, int orders) {
    var batch = new ArrayList<PaymentFact>();
    for (int i = first; i < first + orders; i++) {
      batch.add(Facts.of(new OrderId("stripe:pi_cart_" + i)).naming("cart-" + i).paid());
    }
    return batch;
  }

  private int count(ServiceUnderTest service, List<PaymentFact> batch) throws SQLException {
    statements.set(0);
    service.take(batch);
    return statements.get();
  }

  /// 500 facts over 200 orders: each pays twice over, every second is refunded.
  private static List<PaymentFact> batch(int first, int orders) {
    var batch = new ArrayList<PaymentFact>();
    for (int i = 0; i < orders; i++) {
      var facts = Facts.of(new OrderId("stripe:pi_" + (first + i)));
      batch.add(facts.paid());
      batch.add(facts.uncarried());
      if (i % 2 == 1) {
        batch.add(facts.refund("re_1", RefundStatus.SUCCEEDED, 3000));
      }
    }
    return batch;
  }

  /// A fact more of each of these orders, and as many new ones.
  private static List<PaymentFact> again(int first, int orders) {
    var batch = new ArrayList<PaymentFact>();
    for (int i = 0; i < orders; i++) {
      batch.add(
          Facts.of(new OrderId("stripe:pi_" + (first + i)))
              .refund("re_2", RefundStatus.PENDING, 100));
      batch.add(Facts.of(new OrderId("stripe:pi_new_" + (first + i))).uncarried());
    }
    return batch;
  }

  private DataSource counted(DataSource real) {
    return wrap(DataSource.class, real);
  }

  private <T> T wrap(Class<T> shape, T real) {
    return shape.cast(
        Proxy.newProxyInstance(
            shape.getClassLoader(),
            new Class<?>[] {shape},
            (_, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                statements.incrementAndGet();
              }
              try {
                Object result = method.invoke(real, arguments);
                return result instanceof Connection connection
                    ? wrap(Connection.class, connection)
                    : result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
