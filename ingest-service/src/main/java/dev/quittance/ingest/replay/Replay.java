package dev.quittance.ingest.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far a replay is.
///
/// @param state `none`, `running`, `done`, `canceled` or `failed`
/// @param total how many records of the verbatim topic it has to look at, about
/// @param read how many it has looked at
/// @param replayed how many of them were translated once more
/// @param fault a sentence, where it failed
public record Replay(
    String state,
    @Nullable Instant from,
    @Nullable Instant to,
    @Nullable String endpoint,
    @Nullable String event,
    long total,
    long read,
    long replayed,
    @Nullable String fault) {

  static final Replay NONE = new Replay("none", null, null, null, null, 0, 0, 0, null);

  static Replay of(Stretch stretch) {
    return new Replay(
        "running",
        stretch.from(),
        stretch.to(),
        stretch.endpoint(),
        stretch.event(),
        0,
        0,
        0,
        null);
  }

  boolean running() {
    return state.equals("running");
  }

  Replay outOf(long records) {
    return new Replay(state, from, to, endpoint, event, records, read, replayed, fault);
  }

  Replay after(long records, long translated) {
    return new Replay(
        state, from, to, endpoint, event, total, read + records, replayed + translated, fault);
  }

  Replay ended(String how, @Nullable String why) {
    return new Replay(how, from, to, endpoint, event, total, read, replayed, why);
  }
}
