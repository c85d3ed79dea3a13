package dev.quittance.fulfillment.store;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import javax.sql.DataSource;

/// Makes what the other rooms work with.
@ApplicationScoped
class Desks {

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  PaymentFacts paymentFacts(Clock clock, StoreObserver observer) {
    return new PaymentFacts(clock, observer);
  }

  @Produces
  @Singleton
  FulfillmentCommands fulfillmentCommands(Clock clock, StoreObserver observer) {
    return new FulfillmentCommands(clock, observer);
  }

  @Produces
  @Singleton
  CommandDesk commandDesk(DataSource database, Clock clock, StoreObserver observer) {
    return new CommandDesk(database, clock, observer);
  }

  @Produces
  @Singleton
  RefoldOrders refoldOrders(DataSource database, Clock clock, StoreObserver observer) {
    return new RefoldOrders(database, clock, observer);
  }

  @Produces
  @Singleton
  ConsoleSessions consoleSessions(DataSource database, Clock clock) {
    return new ConsoleSessions(database, clock);
  }
}
