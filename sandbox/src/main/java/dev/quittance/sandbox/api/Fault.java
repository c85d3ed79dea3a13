package dev.quittance.sandbox.api;

import dev.quittance.sandbox.problem.Refusal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Something that goes wrong in the API.
///
/// @param id names it, so that it can be taken back
/// @param ids sessions or other ids; a request is concerned that names one of them; all are when
///   there are none
/// @param path what a concerned request's path contains, like `line_items`; null for any
/// @param status the HTTP status that is answered; null for the right answer, late
/// @param delayMs how long the answer takes, in milliseconds
/// @param hang whether there is no answer until the client gives up
/// @param times how many requests it still hits; null until it is taken back
public record Fault(
    @Nullable String id,
    List<String> ids,
    @Nullable String path,
    @Nullable Integer status,
    long delayMs,
    boolean hang,
    @Nullable Integer times) {

  /// As long as stripe-java waits, and more.
  static final long HANG_MS = 120_000;

  private static final int IDS_MAX = 1_000;

  public Fault {
    ids = List.copyOf(Objects.requireNonNullElse(ids, List.of()));
    if (ids.size() > IDS_MAX) {
      throw Refusal.badRequest("A fault names at most " + IDS_MAX + " ids.");
    }
    if (status != null && (status < 400 || status > 599)) {
      throw Refusal.badRequest("The status of a fault is from 400 to 599.");
    }
    if (delayMs < 0 || delayMs > HANG_MS) {
      throw Refusal.badRequest("The delay is from 0 to " + HANG_MS + " ms.");
    }
    if (status == null && delayMs == 0 && !hang) {
      throw Refusal.badRequest(
          "Say what is to go wrong: {\"status\": 429}, {\"delayMs\": 3000} or {\"hang\": true}.");
    }
    if (times != null && times < 1) {
      throw Refusal.badRequest("A fault happens once or more.");
    }
  }

  boolean concerns(String requestPath, String query) {
    boolean there = path == null || requestPath.contains(path);
    return there
        && (ids.isEmpty()
            || ids.stream().anyMatch(id -> requestPath.contains(id) || query.contains(id)));
  }

  Fault named(String newId) {
    return new Fault(newId, ids, path, status, delayMs, hang, times);
  }

  Fault left(int newTimes) {
    return new Fault(id, ids, path, status, delayMs, hang, newTimes);
  }
}
