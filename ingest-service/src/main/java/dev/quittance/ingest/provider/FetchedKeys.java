package dev.quittance.ingest.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Keys that a provider publishes and deliveries are checked with: certificates, for example.
/// Whoever asks for one never waits: one that isn't here is fetched meanwhile, and the delivery is
/// sent again by then ([Verdict.NoKeyYet]).
///
/// A delivery names its key before anybody knows who sent it. So the provider has to refuse names
/// that can't be its own before asking here, and there are limits: of keys, of fetches at a time
/// and of how often one is tried. Safe for use by several threads.
///
/// @param <K> what a key is; when it expires the provider has to judge
public final class FetchedKeys<K> {

  /// A provider signs with one or two, and may have a few more for tests.
  public static final int KEYS_MAX = 16;

  /// Enough for a rotation, and no flood of anybody's making.
  static final int FETCHES_MAX = 2;

  /// One that couldn't be fetched is not tried sooner.
  static final Duration PAUSE = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(FetchedKeys.class);

  /// Gets a key from where it is published.
  ///
  /// @param <K> what a key is
  @FunctionalInterface
  public interface Source<K> {

    /// Blocks for as long as it takes, which its own time-outs limit.
    ///
    /// @throws Exception when it can't be had, or isn't one
    K fetch(String name) throws Exception;
  }

  /// @param key null while it isn't here
  /// @param fetching whether somebody is getting it
  /// @param again not to be tried before
  private record Entry<K>(@Nullable K key, boolean fetching, Instant again) {}

  private final Source<K> source;
  private final Map<String, Entry<K>> entries = new HashMap<>();

  /// @param source where keys are published
  public FetchedKeys(Source<K> source) {
    this.source = source;
  }

  /// A key, if it is here. Else it will be soon, unless it can't be fetched.
  public synchronized Optional<K> key(String name, Instant now) {
    Entry<K> known = entries.get(name);
    if (known != null && known.key() != null) {
      return Optional.of(known.key());
    }
    if (known == null ? hasRoom(now) : !known.fetching() && !now.isBefore(known.again())) {
      fetch(name, now);
    }
    return Optional.empty();
  }

  /// Forgets a key, so that it is fetched again: one that has expired.
  public synchronized void forget(String name) {
    entries.remove(name);
  }

  /// Names that led to nothing make room.
  private boolean hasRoom(Instant now) {
    if (entries.size() >= KEYS_MAX) {
      entries
          .values()
          .removeIf(
              entry -> entry.key() == null && !entry.fetching() && !now.isBefore(entry.again()));
    }
    return entries.size() < KEYS_MAX;
  }

  private void fetch(String name, Instant now) {
    if (entries.values().stream().filter(Entry::fetching).count() >= FETCHES_MAX) {
      return;
    }
    entries.put(name, new Entry<>(null, true, now.plus(PAUSE)));
    var _ = Thread.ofVirtual().name("key-fetch").start(() -> fetched(name, now.plus(PAUSE)));
  }

  private void fetched(String name, Instant again) {
    @Nullable K key = null;
    try {
      key = source.fetch(name);
    } catch (Exception e) { // also a defect: else it would count as being fetched for ever
      LOG.warnf("key.unfetched error=%s: the next delivery tries again", e.getClass().getName());
    }
    synchronized (this) {
      entries.put(name, new Entry<>(key, false, again));
    }
  }
}
