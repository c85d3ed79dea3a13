package dev.quittance.ingest.provider;

import org.jspecify.annotations.Nullable;

/// One of several events that a provider sent in one delivery. From here on it is as if it had come
/// alone: it is translated, asked for, and dead-lettered by itself.
///
/// @param id the provider's, the same at every repetition and no other event's; null where it has
///   none, then the digest of its body stands for it
/// @param type the provider's own name of its type, for those who read records without the body
/// @param body what the delivery says of it, in the form in which the provider translates it; the
///   same at every repetition
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record DeliveredEvent(@Nullable String id, @Nullable String type, byte[] body) {

  @Override
  public String toString() {
    return "DeliveredEvent[" + id + "]";
  }
}
