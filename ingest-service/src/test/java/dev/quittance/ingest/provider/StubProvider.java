package dev.quittance.ingest.provider;

import dev.quittance.contracts.PaymentEvent;
import dev.quittance.ingest.endpoint.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A provider that takes whatever comes; what it says about it is a test's own.
public interface StubProvider extends Provider {

  @Override
  default String name() {
    return "stripe";
  }

  @Override
  default Verdict verify(
      Endpoint endpoint, Function<String, @Nullable String> header, byte[] body, Instant now) {
    return new Verdict.Genuine();
  }

  @Override
  default Optional<String> eventId(Function<String, @Nullable String> header, byte[] body) {
    return Optional.empty();
  }

  @Override
  default Sample sample(Endpoint endpoint, String nonce, Instant now) {
    return new Sample(Map.of(), new byte[0]);
  }

  /// What it answers when it is asked; nothing holds without an answer.
  @FunctionalInterface
  interface Answers extends LookUps {

    @Override
    default List<PaymentEvent> meanwhile(Webhook webhook, Endpoint endpoint) {
      return List.of();
    }

    @Override
    default Translation giveUp(Webhook webhook, Endpoint endpoint) {
      return new Translation.Ignored("nothing_open");
    }
  }
}
