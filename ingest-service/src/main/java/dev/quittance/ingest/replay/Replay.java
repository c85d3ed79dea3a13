package dev.quittance.ingest.replay;

import dev.quittance.ingest.translate.Retranslation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far a replay is.
///
/// @param state `none`, `running`, `done`, `canceled` or `failed`
/// @param total how many records of the verbatim topic it has to look at, about
/// @param read how many it has looked at
/// @param replayed how many of them were translated once more
/// @param became what came of those
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
    Retranslation.Counts became,
    @Nullable String fault) {

  static final Replay NONE =
      new Replay("none", null, null, null, null, 0, 0, 0, Retranslation.Counts.NONE, null);

  static Replay of(ReplayRange range) {
    return new Replay(
        "running",
        range.from(),
        range.to(),
        range.endpoint(),
        range.event(),
        0,
        0,
        0,
        Retranslation.Counts.NONE,
        null);
  }

  boolean running() {
    return state.equals("running");
  }

  Replay outOf(long records) {
    return new Replay(state, from, to, endpoint, event, records, read, replayed, became, fault);
  }

  Replay after(long records, long translated, Retranslation.Counts more) {
    return new Replay(
        state,
        from,
        to,
        endpoint,
        event,
        total,
        read + records,
        replayed + translated,
        became.plus(more),
        fault);
  }

  Replay ended(String how, @Nullable String why) {
    return new Replay(how, from, to, endpoint, event, total, read, replayed, became, why);
  }
}
