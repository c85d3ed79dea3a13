package dev.quittance.fulfillment.store;

import dev.quittance.contracts.DeadLetter;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.order.Decision;
import dev.quittance.inboxoutbox.BatchWork;
import dev.quittance.inboxoutbox.Exchange;
import dev.quittance.inboxoutbox.Incoming;
import dev.quittance.inboxoutbox.Outcome;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Takes commands from the topic: each is decided under its order's lock, and an impossible one is
/// answered by a rejection.
public final class FulfillmentCommands implements BatchWork<IncomingCommand> {

  private final Clock clock;
  private final StoreObserver observer;
  private Committed written = Committed.NOTHING;

  public FulfillmentCommands(Clock clock, StoreObserver observer) {
    this.clock = clock;
    this.observer = observer;
  }

  @Override
  public IncomingCommand decode(Incoming record) {
    return IncomingCommand.read(record);
  }

  @Override
  public List<Outcome> apply(Exchange exchange, List<IncomingCommand> commands)
      throws SQLException {
    written = Committed.NOTHING;
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var ids = new TreeSet<OrderId>();
    for (IncomingCommand command : commands) {
      if (command instanceof IncomingCommand.Asked asked) {
        ids.add(asked.order());
      }
    }
    Map<OrderId, StoredOrder> orders = ids.isEmpty() ? Map.of() : LockedOrders.lock(exchange, ids);
    var outcomes = new ArrayList<Outcome>(commands.size());
    for (IncomingCommand command : commands) {
      outcomes.add(
          switch (command) {
            case IncomingCommand.Foreign() -> new Outcome.Ignored();
            case IncomingCommand.Asked asked -> decide(asked, orders, now);
          });
    }
    written = Changes.write(exchange, orders.values());
    return outcomes;
  }

  private static Outcome decide(
      IncomingCommand.Asked asked, Map<OrderId, StoredOrder> orders, Instant now) {
    StoredOrder order = orders.get(asked.order());
    if (order == null) {
      // Nobody to answer in the name of: once the order is there, the letter can be sent back.
      return new Outcome.Dead(DeadLetter.Why.UNPROCESSABLE, "no such order");
    }
    if (order.knows(asked.id())) {
      return new Outcome.Duplicate();
    }
    order.causedBy(asked.traceparent());
    switch (order.take(asked.id(), asked.source(), asked.command(), now)) {
      case Decision.Accepted() -> {}
      case Decision.Refused(var refusal) ->
          order.reject(asked.id(), asked.source(), asked.command(), refusal, now);
    }
    return new Outcome.Applied();
  }

  @Override
  public void committed() {
    written.report(observer);
  }
}
