package dev.quittance.fulfillment.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Transactions;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Where commands are given directly. They take the same lock and the same decision as those from
/// the topic.
public final class CommandDesk {

  private final DataSource database;
  private final Clock clock;
  private final StoreObserver observer;

  public CommandDesk(DataSource database, Clock clock, StoreObserver observer) {
    this.database = database;
    this.clock = clock;
    this.observer = observer;
  }

  /// Gives a command to an order, and the first answer again when the key is repeated.
  ///
  /// @param source who asks
  /// @param key the requester's idempotency key, if any
  /// @param answering makes the answer of what became of it
  /// @throws SQLException when the database is away
  public Answer perform(
      OrderId order,
      FulfillmentCommand command,
      String source,
      @Nullable String key,
      Function<Performed, Answer> answering)
      throws SQLException {
    return committed(exchange -> perform(exchange, order, command, source, key, answering));
  }

  /// Forgets an order's customer, for good: facts that come later are taken without them as well. A
  /// repetition changes nothing.
  ///
  /// @param by who asked for it
  /// @return whether there is such an order
  /// @throws SQLException when the database is away
  public boolean erase(OrderId id, String by) throws SQLException {
    return committed(exchange -> {
      StoredOrder order = LockedOrders.lock(exchange, Set.of(id)).get(id);
      if (order == null) {
        return new Done<>(false, Committed.NOTHING);
      }
      Committed written = Committed.NOTHING;
      if (order.erasure() == null) {
        order.erase(new Erasure(clock.instant().truncatedTo(ChronoUnit.MICROS), by));
        written = Changes.write(exchange, Set.of(order));
        Erasure.scrub(exchange, id);
      }
      return new Done<>(true, written);
    });
  }

  /// @param written what is to be reported once it is committed
  private record Done<T>(T answer, Committed written) {}

  private <T> T committed(Transactions.Exchanging<Done<T>> work) throws SQLException {
    Done<T> done = Transactions.inExchange(database, work);
    done.written().report(observer);
    return done.answer();
  }

  private Done<Answer> perform(
      Exchange exchange,
      OrderId id,
      FulfillmentCommand command,
      String source,
      @Nullable String key,
      Function<Performed, Answer> answering)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    StoredOrder order = LockedOrders.lock(exchange, Set.of(id)).get(id);
    if (order == null) {
      return new Done<>(answering.apply(new Performed.NoSuchOrder()), Committed.NOTHING);
    }
    byte[] request = IdempotencyKeys.fingerprint(command.type(), WireFormat.write(command));
    if (key != null) {
      IdempotencyKeys.First first = IdempotencyKeys.find(exchange, id, key);
      if (first != null) {
        return new Done<>(
            Arrays.equals(first.request(), request)
                ? first.answer()
                : answering.apply(new Performed.KeyReused()),
            Committed.NOTHING);
      }
    }
    var commandId = new EventId("rest:" + UUID.randomUUID());
    Answer answer =
        answering.apply(
            switch (order.take(commandId, source, command, now)) {
              case Decision.Accepted() -> new Performed.Taken(order.lastCommand(), order.view());
              case Decision.Refused(var refusal) -> new Performed.Refused(refusal);
            });
    Committed written = Changes.write(exchange, Set.of(order));
    if (key != null) {
      IdempotencyKeys.insert(exchange, id, key, request, answer, now);
    }
    return new Done<>(answer, written);
  }
}
