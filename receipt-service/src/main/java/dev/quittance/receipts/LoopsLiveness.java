package dev.quittance.receipts;

import dev.quittance.messaging.quarkus.Relays;
import dev.quittance.receipts.mail.MailDispatcher;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process whose mail room or relay has ended, or whose relay stands, sends or tells nothing any
/// more; another one may.
@Liveness
@Singleton
final class LoopsLiveness implements HealthCheck {

  private final MailDispatcher mailRoom;
  private final Relays relays;

  LoopsLiveness(MailDispatcher mailRoom, Relays relays) {
    this.mailRoom = mailRoom;
    this.relays = relays;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("mail room and outbox relay")
        .status(mailRoom.alive() && relays.alive())
        .withData("mailRoom", mailRoom.alive())
        .withData("relay", relays.alive())
        .build();
  }
}
