package dev.quittance.simulation;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One thread of a simulated process. It runs only while the world lets it, from one step to the
/// next, so that a seed decides everything.
final class Strand {

  /// What a strand does, for as long as its process lives.
  @FunctionalInterface
  interface Body {
    void run(Strand strand);
  }

  /// The process died: nothing after this step happens.
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("the process died", null, false, false);
    }
  }

  private static final long FOREVER = Long.MAX_VALUE;

  final Host host;
  final String name;
  private final World world;
  private final Thread thread;
  private BooleanSupplier wakes = () -> true;
  private long deadline = FOREVER;
  private volatile boolean turn;
  private boolean doomed;
  private volatile boolean ended;
  private volatile @Nullable Throwable failure;

  Strand(World world, Host host, String name, Body body) {
    this.world = world;
    this.host = host;
    this.name = name;
    this.thread = Thread.ofVirtual().unstarted(() -> live(body));
  }

  private void live(Body body) {
    try {
      awaitTurn();
      body.run(this);
    } catch (Death _) {
      // its process is gone, and so is the strand
    } catch (Throwable e) { // an assertion of a model is no part of the simulated world
      failure = e;
    } finally {
      ended = true;
      turn = false;
      LockSupport.unpark(world.thread());
    }
  }

  /// A point at which anything may happen: others run, or the process dies.
  void step(String point) {
    world.trace(this, point);
    if (world.staysWith()) {
      return;
    }
    pause();
  }

  /// Waits until something is so.
  void await(BooleanSupplier condition) {
    awaitUntil(condition, FOREVER);
  }

  /// Waits until something is so, or the time has come.
  void awaitUntil(BooleanSupplier condition, long until) {
    wakes = condition;
    deadline = until;
    pause();
    wakes = () -> true;
    deadline = FOREVER;
  }

  private void pause() {
    turn = false;
    LockSupport.unpark(world.thread());
    awaitTurn();
  }

  private void awaitTurn() {
    while (!turn) {
      LockSupport.park(this);
    }
    if (doomed) {
      throw new Death();
    }
  }

  // --- the world's side

  void start() {
    thread.start();
  }

  /// Whether it has something to do.
  boolean ready() {
    return !ended && (wakes.getAsBoolean() || world.now() >= deadline);
  }

  /// When it wants to be woken at the latest.
  long deadline() {
    return ended ? FOREVER : deadline;
  }

  boolean ended() {
    return ended;
  }

  /// Lets it run until its next step.
  void resume() {
    turn = true;
    LockSupport.unpark(thread);
    while (turn) {
      LockSupport.park(this);
    }
    Throwable thrown = failure;
    if (thrown != null) {
      throw new AssertionError(host.name() + "/" + name + ": " + thrown, thrown);
    }
  }

  /// Ends it where it stands.
  void kill() {
    if (!ended) {
      doomed = true;
      resume();
    }
  }
}
