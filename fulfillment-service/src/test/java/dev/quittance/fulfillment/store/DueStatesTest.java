package dev.quittance.fulfillment.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.FulfilledItem;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentEvent.RefundStatus;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Facts;
import dev.quittance.inboxoutbox.CurrentStates;
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
  private Desk desk;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
    desk = new Desk(database);
  }

  /// What would be published now.
  static List<CurrentStates.Due> due(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      return new DueStates().read(connection, ALL, Set.of());
    }
  }

  @Test
  void theStateIsReadAsItStandsHoweverOftenItChanged() throws SQLException {
    desk.take(facts.paid());
    desk.take(facts.refund("re_1", RefundStatus.SUCCEEDED, 1000));
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
          assertThat(WireFormat.read(state.value(), OrderView.class)).isEqualTo(desk.order(order));
          assertThat(state.due()).hasSize(2);
        });
  }

  @Test
  void noStateIsReadWhileAnEventOfItsOrderIsInTheOutbox() throws SQLException {
    desk.take(facts.paid());
    eventsAreOut();
    desk.take(Facts.of(other).paid());

    assertThat(due(database)).extracting(CurrentStates.Due::order).containsExactly(order);

    eventsAreOut();

    assertThat(due(database)).extracting(CurrentStates.Due::order).containsExactly(order, other);
  }

  @Test
  void whatChangedSinceItWasReadStaysDue() throws SQLException {
    desk.take(facts.paid());
    eventsAreOut();
    List<CurrentStates.Due> read = due(database);
    desk.take(facts.refund("re_1", RefundStatus.SUCCEEDED, 1000));

    try (Connection connection = database.getConnection()) {
      states.delete(connection, read);
      assertThat(states.anyDue(connection)).isTrue();
    }

    eventsAreOut();
    assertThat(due(database))
        .singleElement()
        .satisfies(state -> assertThat(state.headers()).containsEntry("ce_id", order + "@2"));
  }

  @Test
  void nothingIsDueOnceItIsPublished() throws SQLException {
    desk.take(facts.paid());
    eventsAreOut();

    try (Connection connection = database.getConnection()) {
      assertThat(states.anyDue(connection)).isTrue();
      states.delete(connection, states.read(connection, ALL, Set.of()));
      assertThat(states.anyDue(connection)).isFalse();
    }
    assertThat(due(database)).isEmpty();
  }

  @Test
  void someCanBeLeftAloneAndNoMoreReadThanIsAskedFor() throws SQLException {
    desk.take(facts.paid());
    desk.take(Facts.of(other).paid());
    eventsAreOut();

    try (Connection connection = database.getConnection()) {
      assertThat(states.read(connection, 1, Set.of()))
          .extracting(CurrentStates.Due::order)
          .containsExactly(order);
      assertThat(states.read(connection, 1, Set.of(order.value())))
          .extracting(CurrentStates.Due::order)
          .containsExactly(other);
    }
  }

  /// The rejection has a sequence of its own, and the state is as it was.
  @Test
  void aCommandMakesAStateDueAndARejectedOneDoesNot() throws SQLException {
    desk.take(facts.paid());
    TestDatabase.run(database, "DELETE FROM states_due");

    desk.take(
        order,
        "too-much",
        new FulfillmentCommand.Complete(List.of(new FulfilledItem("mug", 9)), null, null));
    assertThat(TestDatabase.ask(database, "SELECT order_id FROM states_due")).isEmpty();

    desk.take(order, "hold", new FulfillmentCommand.Hold("fraud check"));
    assertThat(TestDatabase.ask(database, "SELECT order_id FROM states_due"))
        .containsExactly(order.value());
  }

  @Test
  void whatWaitsIsCountedWithItsAge() throws SQLException {
    try (Connection connection = database.getConnection()) {
      assertThat(DueStates.oldestAge(connection)).isZero();
      assertThat(DueStates.waiting(connection, ALL)).isEqualTo(new DueStates.Waiting(0, null));

      desk.take(facts.paid());
      TestDatabase.run(
          database, "UPDATE states_due SET created_at = created_at - interval '1 hour'");

      assertThat(DueStates.oldestAge(connection))
          .isBetween(Duration.ofMinutes(60), Duration.ofMinutes(70));
      assertThat(DueStates.waiting(connection, ALL).changes()).isEqualTo(1);
      assertThat(DueStates.waiting(connection, ALL).oldestAt()).isNotNull();
    }
  }

  private void eventsAreOut() throws SQLException {
    TestDatabase.run(database, "DELETE FROM outbox");
  }
}
