package dev.quittance.sandbox.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Something that a provider has to tell.
///
/// @param id the provider's id of it, the same at each attempt to deliver it
/// @param type the provider's name for what happened
/// @param order the order that it will be about, `{account}:{payment reference}`; null when none
/// @param email where the customer's receipts go; null when unknown
/// @param envelope the body as it is before the first attempt
public record ProviderEvent(
    Provider provider,
    String id,
    String type,
    @Nullable String order,
    @Nullable String email,
    ObjectNode envelope) {

  /// What the event is about: the object inside of the envelope.
  public Optional<ObjectNode> object() {
    return switch (provider) {
      case STRIPE -> Optional.ofNullable((ObjectNode) envelope.path("data").get("object"));
      case PAYSUPER -> Optional.ofNullable((ObjectNode) envelope.get("object"));
      case STANDARD -> Optional.ofNullable((ObjectNode) envelope.get("data"));
    };
  }

  @Override
  public String toString() {
    return "ProviderEvent[" + provider + ", " + type + ", " + id + "]";
  }
}
