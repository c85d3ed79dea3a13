package dev.quittance.fulfillment.store;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.WireFormat;
import dev.quittance.fulfillment.order.Decision;
import java.sql.Connection;
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

  /// Two that deadlock settle at the second attempt; more means that something else is wrong.
  private static final int ATTEMPTS_MAX = 5;

  /// Serialization failure, deadlock.
  private static final Set<String> WORTH_REPEATING = Set.of("40001", "40P01");

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
    return committed(
        order, transaction -> perform(transaction, order, command, source, key, answering));
  }

  /// Forgets an order's customer, for good: facts that come later are taken without them as well. A
  /// repetition changes nothing.
  ///
  /// @param by who asked for it
  /// @return whether there is such an order
  /// @throws SQLException when the database is away
  public boolean erase(OrderId id, String by) throws SQLException {
    return committed(
        id,
        transaction -> {
          StoredOrder order = LockedOrders.lock(transaction, Set.of(id)).get(id);
          if (order == null) {
            return false;
          }
          if (order.erasure() == null) {
            order.erase(new Erasure(clock.instant().truncatedTo(ChronoUnit.MICROS), by));
            Changes.write(transaction, Set.of(order));
            Erasure.scrub(transaction, id);
          }
          return true;
        });
  }

  @FunctionalInterface
  private interface Work<T> {
    T in(Connection transaction) throws SQLException;
  }

  private <T> T committed(OrderId order, Work<T> work) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try (Connection transaction = database.getConnection()) {
        transaction.setAutoCommit(false);
        try {
          T done = work.in(transaction);
          transaction.commit();
          observer.committed(Set.of(order));
          return done;
        } catch (SQLException | RuntimeException e) {
          transaction.rollback();
          if (!worthRepeating(e) || attempt == ATTEMPTS_MAX) {
            throw e;
          }
        } catch (Error e) { // turning autocommit on again would commit half of it
          transaction.rollback();
          throw e;
        } finally {
          transaction.setAutoCommit(true);
        }
      }
    }
  }

  private Answer perform(
      Connection transaction,
      OrderId id,
      FulfillmentCommand command,
      String source,
      @Nullable String key,
      Function<Performed, Answer> answering)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    StoredOrder order = LockedOrders.lock(transaction, Set.of(id)).get(id);
    if (order == null) {
      return answering.apply(new Performed.NoSuchOrder());
    }
    byte[] request = IdempotencyKeys.fingerprint(command.type(), WireFormat.write(command));
    if (key != null) {
      IdempotencyKeys.First first = IdempotencyKeys.find(transaction, id, key);
      if (first != null) {
        return Arrays.equals(first.request(), request)
            ? first.answer()
            : answering.apply(new Performed.KeyReused());
      }
    }
    var commandId = new EventId("rest:" + UUID.randomUUID());
    Answer answer =
        answering.apply(
            switch (order.take(commandId, source, command, now)) {
              case Decision.Accepted() -> new Performed.Taken(order.lastCommand(), order.view());
              case Decision.Refused(var refusal) -> new Performed.Refused(refusal);
            });
    Changes.write(transaction, Set.of(order));
    if (key != null) {
      IdempotencyKeys.insert(transaction, id, key, request, answer, now);
    }
    return answer;
  }

  private static boolean worthRepeating(Exception failure) {
    return failure instanceof SQLException sql && WORTH_REPEATING.contains(sql.getSQLState());
  }
}
