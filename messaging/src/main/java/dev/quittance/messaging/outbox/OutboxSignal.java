package dev.quittance.messaging.outbox;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Which orders have something new to be published, for one relay. It saves time and no more: what
/// is never told of is found by looking.
final class OutboxSignal {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Set<String> orders = new LinkedHashSet<>();
  private boolean all;
  private boolean some;
  private boolean ended;
  private long lookedAt = System.nanoTime();

  /// There are rows of this order.
  void of(String order) {
    lock.lock();
    try {
      if (orders.size() < OutboxEntry.ROWS_MAX) {
        orders.add(order);
      } else {
        all = true; // looking at all of them costs less than asking for so many
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// There may be rows of any order.
  void ofAll() {
    lock.lock();
    try {
      all = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Another has just looked at all of it, so that nobody need do so soon.
  ///
  /// @param any whether there is something; whose isn't known
  void looked(boolean any) {
    lock.lock();
    try {
      lookedAt = System.nanoTime();
      if (any) {
        some = true;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Nobody need wait any more.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for news, and forgets them.
  ///
  /// @param look after so long all are to be looked at, news or none
  /// @return the orders to look at, for the caller to keep; empty for all
  Set<String> await(Duration look) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = lookedAt + look.toNanos() - System.nanoTime();
      while (left > 0 && orders.isEmpty() && !all && !ended) {
        left = changed.awaitNanos(left);
      }
      Set<String> signaled = orders;
      orders = new LinkedHashSet<>();
      if (left <= 0 || all) {
        all = false;
        lookedAt = System.nanoTime();
        signaled.clear();
      }
      return signaled;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for news for a while, and forgets none.
  ///
  /// @param look as for [#await]: then it is time to look, which is as good as news
  /// @return whether it is time to do something about it
  boolean comesWithin(Duration most, Duration look) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = most.toNanos();
      for (long end = System.nanoTime() + left; left > 0 && waits() && untilLook(look) > 0; ) {
        long _ = changed.awaitNanos(Math.min(left, untilLook(look)));
        left = end - System.nanoTime();
      }
      return !waits() || untilLook(look) <= 0;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for news, and then until there is more of it than one look takes, or the time to gather
  /// is over; forgets it all.
  ///
  /// @param look after so long without a look by anybody ([#looked]) it is looked, news or none
  void awaitGathered(Duration look, Duration gather) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waits() && untilLook(look) > 0) {
        long _ = changed.awaitNanos(untilLook(look));
      }
      if (!waits()) {
        for (long left = gather.toNanos(); left > 0 && !all && !ended; ) {
          left = changed.awaitNanos(left);
        }
      }
      orders.clear();
      all = false;
      some = false;
      lookedAt = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  private boolean waits() {
    return orders.isEmpty() && !all && !some && !ended;
  }

  private long untilLook(Duration look) {
    return lookedAt + look.toNanos() - System.nanoTime();
  }

  /// Waits until nobody need wait any more, or the time is over; what is told meanwhile is
  /// another's.
  void awaitEnd(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      orders.clear();
      some = false;
      for (long left = time.toNanos(); left > 0 && !ended; ) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
