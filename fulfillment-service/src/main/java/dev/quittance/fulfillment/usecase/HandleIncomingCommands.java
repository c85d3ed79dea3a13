package dev.quittance.fulfillment.usecase;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.CommittedChanges;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.fulfillment.order.Order;
import dev.quittance.fulfillment.order.OrderObserver;
import dev.quittance.fulfillment.persistence.OrderRepository;
import dev.quittance.messaging.inbox.BatchHandler;
import dev.quittance.messaging.inbox.IncomingRecord;
import dev.quittance.messaging.inbox.RecordOutcome;
import dev.quittance.messaging.jdbc.StatementPipeline;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What happens to commands from the topic: each is decided under its order's lock, and an
/// impossible one is answered by a rejection.
@Singleton
public final class HandleIncomingCommands implements BatchHandler<IncomingCommand> {

  private final Clock clock;
  private final OrderObserver observer;
  private CommittedChanges changes = CommittedChanges.NOTHING;

  public HandleIncomingCommands(Clock clock, OrderObserver observer) {
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public IncomingCommand decode(IncomingRecord record) {
    return IncomingCommand.read(record);
  }

  @Override
  public List<RecordOutcome> apply(StatementPipeline transaction, List<IncomingCommand> commands)
      throws SQLException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var orders = new OrderRepository(transaction);
    var ids = new TreeSet<OrderId>();
    for (IncomingCommand command : commands) {
      if (command instanceof IncomingCommand.Asked asked) {
        ids.add(asked.order());
      }
    }
    Map<OrderId, Order> locked = orders.lock(ids);
    orders.claim(locked.values(), released(commands, locked)::contains);
    var outcomes = new ArrayList<RecordOutcome>(commands.size());
    for (IncomingCommand command : commands) {
      outcomes.add(
          switch (command) {
            case IncomingCommand.Foreign() -> new RecordOutcome.Ignored();
            case IncomingCommand.Asked asked -> decide(asked, locked.get(asked.order()), now);
          });
    }
    orders.save(locked.values());
    changes = orders.changes();
    return outcomes;
  }

  private static Set<Order> released(List<IncomingCommand> commands, Map<OrderId, Order> orders) {
    Set<Order> released = Collections.newSetFromMap(new IdentityHashMap<>());
    for (IncomingCommand command : commands) {
      if (command instanceof IncomingCommand.Asked asked
          && asked.command() instanceof FulfillmentCommand.Release) {
        Order order = orders.get(asked.order());
        if (order != null && !order.knows(asked.id())) {
          released.add(order);
        }
      }
    }
    return released;
  }

  private static RecordOutcome decide(
      IncomingCommand.Asked asked, @Nullable Order order, Instant now) {
    if (order == null) {
      // Nobody to answer in the name of: once the order is there, the dead letter can be sent back.
      return new RecordOutcome.Dead(DeadLetter.Why.UNPROCESSABLE, "no such order");
    }
    if (order.knows(asked.id())) {
      return new RecordOutcome.Duplicate();
    }
    order.causedBy(asked.traceparent(), null);
    switch (order.take(asked.id(), asked.source(), asked.command(), now)) {
      case Decision.Accepted() -> {}
      case Decision.Refused(var refusal) ->
          order.reject(asked.id(), asked.source(), asked.command(), refusal, now);
    }
    return new RecordOutcome.Applied();
  }

  @Override
  public void committed() {
    changes.report(observer);
  }
}
