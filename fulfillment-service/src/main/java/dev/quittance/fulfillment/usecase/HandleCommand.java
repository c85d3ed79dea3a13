package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.EventId;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import dev.quittance.fulfillment.persistence.IdempotencyKeys;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.fulfillment.persistence.OrderTransactions;
import dev.quittance.fulfillment.persistence.StoredAnswer;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What happens to a command that somebody gives by a page or by REST: it is decided under its
/// order's lock, as those from the topic are, and answered at once.
@Singleton
public final class HandleCommand {

  private final OrderTransactions transactions;
  private final Audit audit;
  private final Clock clock;

  public HandleCommand(OrderTransactions transactions, Audit audit, Clock clock) {
    this.transactions = transactions;
    this.audit = audit;
    this.clock = clock;
  }

  /// Written down first, then decided, then what came of it is written down. When the key is
  /// repeated, the first answer is given again.
  ///
  /// @param detail for the audit, without personal data
  /// @param key the requester's idempotency key, if any
  /// @param answering makes the answer of what became of it
  /// @throws SQLException when the database is away
  public StoredAnswer perform(
      Person person,
      OrderId order,
      FulfillmentCommand command,
      String detail,
      @Nullable String key,
      Function<CommandResult, StoredAnswer> answering)
      throws SQLException {
    long entry = audit.begin(person, action(command), order.value(), detail);
    StoredAnswer answer =
        transactions.run(orders -> perform(orders, person, order, command, key, answering));
    audit.end(entry, answer.status() < 300 ? Audit.DONE : Audit.REFUSED);
    return answer;
  }

  private StoredAnswer perform(
      OrderRepository orders,
      Person person,
      OrderId id,
      FulfillmentCommand command,
      @Nullable String key,
      Function<CommandResult, StoredAnswer> answering)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Order order = orders.lock(id);
    if (order == null) {
      return answering.apply(new CommandResult.NoSuchOrder());
    }
    IdempotencyKeys keys = orders.idempotencyKeys();
    IdempotencyKeys.First first = key == null ? null : keys.find(id, key);
    if (first != null) {
      return first.isFor(command) ? first.answer() : answering.apply(new CommandResult.KeyReused());
    }
    orders.claim(List.of(order), _ -> command instanceof FulfillmentCommand.Release);
    var commandId = new EventId("rest:" + UUID.randomUUID());
    StoredAnswer answer =
        answering.apply(
            switch (order.take(commandId, source(person), command, now)) {
              case Decision.Accepted() ->
                  new CommandResult.Taken(order.lastCommand(), order.view());
              case Decision.Refused(var refusal) -> new CommandResult.Refused(refusal);
            });
    orders.save(List.of(order));
    if (key != null) {
      keys.insert(id, key, command, answer, now);
    }
    return answer;
  }

  /// As the order's timeline names them: `/quittance/{door}/{name}`.
  private static String source(Person person) {
    return "/quittance/%s/%s"
        .formatted(
            person.door(),
            URLEncoder.encode(person.name(), StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private static String action(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete _ -> "order.fulfilled";
      case FulfillmentCommand.Hold _ -> "order.held";
      case FulfillmentCommand.Release _ -> "order.released";
      case FulfillmentCommand.Reverse _ -> "order.reversed";
    };
  }
}
