package dev.quittance.sandbox.shop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.settings.SandboxSettings;
import dev.quittance.sandbox.stripe.StripeAccount;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/// Debits whose money is on its way; also those of before a restart.
@Singleton
public final class Settlements {

  private static final String PREFIX = "settlement:";

  private final DocumentStore documents;
  private final StripeAccount account;
  private final Deliveries deliveries;
  private final Clock clock;
  private final Duration delay;
  private final Map<String, ObjectNode> open = new LinkedHashMap<>();

  @Inject
  Settlements(
      DocumentStore documents,
      StripeAccount account,
      Deliveries deliveries,
      Clock clock,
      SandboxSettings settings) {
    this.documents = documents;
    this.account = account;
    this.deliveries = deliveries;
    this.clock = clock;
    this.delay = settings.delayedPayments();
    for (String id : documents.ids(PREFIX).reversed()) {
      documents
          .find(id)
          .filter(kept -> !kept.path("done").asBoolean())
          .ifPresent(kept -> open.put(id.substring(PREFIX.length()), kept));
    }
  }

  /// Lets a session's money arrive in a while, or not.
  synchronized void plan(String session, boolean comes) {
    ObjectNode settlement =
        JsonText.object().put("atMs", clock.millis() + delay.toMillis()).put("comes", comes);
    documents.put(PREFIX + session, settlement);
    open.put(session, settlement);
  }

  /// Settles what is due. To be called every now and then.
  public synchronized void runDue() {
    Iterator<Map.Entry<String, ObjectNode>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, ObjectNode> next = all.next();
      ObjectNode settlement = next.getValue();
      if (settlement.path("atMs").asLong() <= clock.millis()) {
        all.remove();
        documents.put(PREFIX + next.getKey(), settlement.put("done", true));
        settle(next.getKey(), settlement.path("comes").asBoolean());
      }
    }
  }

  /// Somebody may have settled it by hand meanwhile.
  private void settle(String session, boolean comes) {
    if (account.knows(session) && account.pending(session)) {
      deliveries.announce(comes ? account.settle(session) : account.bounce(session));
    }
  }
}
