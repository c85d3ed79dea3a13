package dev.quittance.ingest.provider;

import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import java.util.List;
import java.util.function.Consumer;

/// What a provider can be asked for that its webhooks leave open.
public interface LookUps {

  /// What holds for as long as the provider wasn't asked, of what a translation left open: it goes
  /// out before anybody is asked, so that an outage there holds up nothing that is known. A pure
  /// function; never throws.
  List<PaymentEvent> meanwhile(Webhook webhook, Endpoint endpoint);

  /// Asks the provider for what a translation left open. Blocks for as long as the provider takes,
  /// and ends when its thread is interrupted; never throws. The events of the answer count on from
  /// those of the [Translation.Open] and [#meanwhile].
  ///
  /// @param part gets what is known while more is asked for, so that it needn't wait for the rest;
  ///   the answer begins with it
  LookUpAnswer answer(Webhook webhook, Endpoint endpoint, Consumer<List<PaymentEvent>> part);

  /// What holds, besides the events of the [Translation.Open], when the provider can't be asked. A
  /// pure function; never throws.
  Translation giveUp(Webhook webhook, Endpoint endpoint);
}
