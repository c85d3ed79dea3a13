package dev.quittance.fulfillment.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.fulfillment.persistence.DueStates;
import dev.quittance.messaging.jdbc.StatementPipeline;
import dev.quittance.messaging.outbox.Backlog;
import dev.quittance.messaging.outbox.CurrentStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DueStatesTest {

  private static final int ALL = 500;

  private final DueStates states = new DueStates();
  private final OrderId order = new OrderId("stripe:pi_1");
  private final OrderId other = new OrderId("stripe:pi_2");
  private final Facts facts = Facts.of(order);
  private DataSource database;
  private ServiceUnderTest service;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
    service = new ServiceUnderTest(database);
  }

  /// What would be published now.
  static List<CurrentStates.Due> due(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return read(connection, ALL);
    }
  }

  private static List<CurrentStates.Due> read(Connection connection, int most, String... except)
      throws SQLException {
    return new DueStates()
        .read(StatementPipeline.ofSession(connection), most, Set.of(except))
        .rows();
  }

  private void delete(Connection connection, List<CurrentStates.Due> published)
      throws SQLException {
    var session = StatementPipeline.ofSession(connection);
    states.delete(session, published);
    session.send();
  }

  private static boolean anyMark(Connection connection) throws SQLException {
    return Backlog.of(connection, new DueStates().table(), 1).rows() > 0;
  }

  @Test
  void theStateIsReadAsItStandsHoweverOftenItChanged() throws SQLException {
    service.take(facts.paid());
    service.take(facts.refund("re_1", RefundStatus.SUCCEEDED, 1000));
    eventsAreOut();

    assertThat(due(database))
        .singleElement()
        .satisfies(state -> {
          assertThat(state.order()).isEqualTo(order);
          assertThat(state.topic()).isEqualTo("fulfillment.orders.v1");
          assertThat(state.headers())
              .containsEntry("ce_id", order + "@2")
              .containsEntry("ce_type", OrderView.TYPE)
              .containsEntry("ce_sequence", "3");
          assertThat(WireFormat.read(state.value(), OrderView.class))
              .isEqualTo(service.order(order));
          assertThat(state.due()).hasSize(2);
        });
  }

  @Test
  void noStateIsReadWhileAnEventOfItsOrderIsInTheOutbox() throws SQLException {
    service.take(facts.paid());
    eventsAreOut();
    service.take(Facts.of(other).paid());

    assertThat(due(database)).extracting(CurrentStates.Due::order).containsExactly(order);

    eventsAreOut();

    assertThat(due(database)).extracting(CurrentStates.Due::order).containsExactly(order, other);
  }

  @Test
  void whatChangedSinceItWasReadStaysDue() throws SQLException {
    service.take(facts.paid());
    eventsAreOut();
    List<CurrentStates.Due> read = due(database);
    service.take(facts.refund("re_1", RefundStatus.SUCCEEDED, 1000));

    try (Connection connection = database.getConnection()) {
      delete(connection, read);
      assertThat(anyMark(connection)).isTrue();
    }

    eventsAreOut();
    assertThat(due(database))
        .singleElement()
        .satisfies(state -> assertThat(state.headers()).containsEntry("ce_id", order + "@2"));
  }

  @Test
  void nothingIsDueOnceItIsPublished() throws SQLException {
    service.take(facts.paid());
    eventsAreOut();

    try (Connection connection = database.getConnection()) {
      assertThat(anyMark(connection)).isTrue();
      delete(connection, read(connection, ALL));
      assertThat(anyMark(connection)).isFalse();
    }
    assertThat(due(database)).isEmpty();
  }

  @Test
  void someCanBeLeftAloneAndNoMoreReadThanIsAskedFor() throws SQLException {
    service.take(facts.paid());
    service.take(Facts.of(other).paid());
    eventsAreOut();

    try (Connection connection = database.getConnection()) {
      assertThat(read(connection, 1)).extracting(CurrentStates.Due::order).containsExactly(order);
      assertThat(read(connection, 1, order.value()))
          .extracting(CurrentStates.Due::order)
          .containsExactly(other);
    }
  }

  /// The rejection has a sequence of its own, and the state is as it was.
  @Test
  void aCommandMakesAStateDueAndARejectedOneDoesNot() throws SQLException {
    service.take(facts.paid());
    TestDatabase.run(database, "DELETE FROM states_due");

    service.take(
        order,
        "too-much",
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 9)), null, null));
    assertThat(TestDatabase.ask(database, "SELECT order_id FROM states_due")).isEmpty();

    service.take(order, "hold", new FulfillmentCommand.Hold("fraud check"));
    assertThat(TestDatabase.ask(database, "SELECT order_id FROM states_due"))
        .containsExactly(order.value());
  }

  @Test
  void whatWaitsIsCountedWithItsAge() throws SQLException {
    try (Connection connection = database.getConnection()) {
      assertThat(Backlog.oldestAge(connection, states.table())).isZero();
      assertThat(Backlog.of(connection, states.table(), ALL)).isEqualTo(new Backlog(0, null));

      service.take(facts.paid());
      TestDatabase.run(
          database, "UPDATE states_due SET created_at = created_at - interval '1 hour'");

      assertThat(Backlog.oldestAge(connection, states.table()))
          .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(70));
      Backlog waiting = Backlog.of(connection, states.table(), ALL);
      assertThat(waiting.rows()).isEqualTo(1);
      assertThat(waiting.oldestAt()).isNotNull();
    }
  }

  private void eventsAreOut() throws SQLException {
    TestDatabase.run(database, "DELETE FROM outbox");
  }
}
