package dev.quittance.receipts;

import dev.quittance.inboxoutbox.OutboxRelay;
import dev.quittance.receipts.mail.MailRoom;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/// A process whose mail room or relay has ended, or whose relay stands, sends or tells nothing any
/// more; another one may.
@Liveness
@Singleton
final class LoopsAlive implements HealthCheck {

  private final MailRoom mailRoom;
  private final OutboxRelay relay;

  LoopsAlive(MailRoom mailRoom, OutboxRelay relay) {
    this.mailRoom = mailRoom;
    this.relay = relay;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("mail room and outbox relay")
        .status(mailRoom.alive() && relay.alive())
        .withData("mailRoom", mailRoom.alive())
        .withData("relay", relay.alive())
        .build();
  }
}
