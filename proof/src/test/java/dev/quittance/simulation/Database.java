package dev.quittance.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Rows under keys, with transactions that read what is committed, row locks that are waited for,
/// and advisory locks that live as long as a connection. One for each service.
final class Database {

  /// The connection broke; whether a commit under way took place is not known.
  static final class ConnectionLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    ConnectionLost() {
      super("connection lost", null, false, false);
    }
  }

  /// Two transactions waited for each other; this one has to begin again.
  static final class Deadlock extends RuntimeException {
    private static final long serialVersionUID = 1;

    Deadlock() {
      super("deadlock", null, false, false);
    }
  }

  private final World world;
  private final TreeMap<String, Object> rows = new TreeMap<>();
  private final Map<String, Transaction> locks = new HashMap<>();
  private final Map<String, Session> advisory = new HashMap<>();
  private final List<Session> sessions = new ArrayList<>();
  private long serial;

  Database(World world) {
    this.world = world;
    world.cuttable(this::cut);
  }

  /// Every connection breaks, as in a restart.
  private void cut() {
    List.copyOf(sessions).forEach(Session::lose);
  }

  /// What is committed, for whoever looks from outside.
  <T> SortedMap<String, T> rows(String prefix, Class<T> shape) {
    SortedMap<String, T> found = new TreeMap<>();
    rows.subMap(prefix, prefix + '\uffff').forEach((key, row) -> found.put(key, shape.cast(row)));
    return found;
  }

  boolean any(String prefix) {
    return !rows.subMap(prefix, prefix + '\uffff').isEmpty();
  }

  Session connect(Strand strand) {
    var session = new Session();
    sessions.add(session);
    strand.host.onDeath(session::lose);
    return session;
  }

  /// A connection.
  final class Session {
    private boolean lost;
    private @Nullable Transaction current;

    Transaction begin(Strand strand) {
      check();
      current = new Transaction(this, strand);
      return current;
    }

    /// Tries to take a lock that lasts as long as this connection.
    boolean tryAdvisoryLock(String name) {
      check();
      return advisory.putIfAbsent(name, this) == null || advisory.get(name) == this;
    }

    boolean lost() {
      return lost;
    }

    private void check() {
      if (lost) {
        throw new ConnectionLost();
      }
    }

    void lose() {
      lost = true;
      if (current != null) {
        current.release();
      }
      advisory.values().removeIf(holder -> holder == this);
      sessions.remove(this);
    }
  }

  final class Transaction {
    private final Session session;
    private final Strand strand;
    private final TreeMap<String, Optional<Object>> writes = new TreeMap<>();
    private @Nullable String waitsFor;
    private boolean over;

    private Transaction(Session session, Strand strand) {
      this.session = session;
      this.strand = strand;
    }

    /// Locks a row, or the place where it will be: waits for whoever holds it.
    void lock(String key) {
      session.check();
      while (locks.get(key) != null && locks.get(key) != this) {
        waitsFor = key;
        if (inACircle()) {
          waitsFor = null;
          rollback();
          throw new Deadlock();
        }
        strand.await(() -> locks.get(key) == null || session.lost);
        waitsFor = null;
        session.check();
      }
      locks.put(key, this);
    }

    /// Locks a row unless another has it (`SKIP LOCKED`).
    boolean tryLock(String key) {
      session.check();
      return locks.putIfAbsent(key, this) == null || locks.get(key) == this;
    }

    private boolean inACircle() {
      Transaction next = this;
      for (int i = 0; i <= locks.size(); i++) {
        Transaction holder = next.waitsFor == null ? null : locks.get(next.waitsFor);
        if (holder == null) {
          return false;
        }
        if (holder == this) {
          return true;
        }
        next = holder;
      }
      return false;
    }

    <T> @Nullable T get(String key, Class<T> shape) {
      session.check();
      Optional<Object> own = writes.get(key);
      return shape.cast(own == null ? rows.get(key) : own.orElse(null));
    }

    /// Rows whose keys begin so: what is committed now, and what this transaction wrote.
    <T> SortedMap<String, T> scan(String prefix, Class<T> shape) {
      session.check();
      SortedMap<String, T> found = Database.this.rows(prefix, shape);
      writes
          .subMap(prefix, prefix + '\uffff')
          .forEach((key, row) ->
              row.ifPresentOrElse(
                  value -> found.put(key, shape.cast(value)), () -> found.remove(key)));
      return found;
    }

    void put(String key, Object row) {
      session.check();
      writes.put(key, Optional.of(row));
    }

    void remove(String key) {
      session.check();
      writes.put(key, Optional.empty());
    }

    /// The next number of a sequence: given at once, whether the transaction commits or not.
    long nextSerial() {
      return ++serial;
    }

    void commit(String what) {
      strand.step("before commit of " + what);
      session.check();
      if (world.mishap(60)) {
        session.lose();
        throw new ConnectionLost();
      }
      writes.forEach((key, row) -> {
        if (row.isPresent()) {
          rows.put(key, row.get());
        } else {
          rows.remove(key);
        }
      });
      release();
      if (world.mishap(60)) {
        session.lose();
        throw new ConnectionLost();
      }
      strand.step("after commit of " + what);
    }

    void rollback() {
      release();
    }

    private void release() {
      if (!over) {
        over = true;
        writes.clear();
        locks.values().removeIf(holder -> holder == this);
      }
    }
  }

  /// Keys sorted as everybody locks them.
  static List<String> sorted(List<String> keys) {
    return keys.stream().distinct().sorted(Comparator.naturalOrder()).toList();
  }
}
