package dev.quittance.inboxoutbox;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Which orders have something new to be published, for one relay. It saves time and no more: what
/// is never told of is found by looking.
final class News {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Set<String> orders = new LinkedHashSet<>();
  private boolean all;
  private boolean ended;
  private long lookedAt = System.nanoTime();

  /// There are rows of this order.
  void of(String order) {
    lock.lock();
    try {
      if (orders.size() < Pending.ROWS_MAX) {
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
      Set<String> told = orders;
      orders = new LinkedHashSet<>();
      if (left <= 0 || all) {
        all = false;
        lookedAt = System.nanoTime();
        told.clear();
      }
      return told;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for news, and then until there is more of it than one look takes, or the time to gather
  /// is over; forgets it all.
  ///
  /// @param look after so long it is looked, news or none
  void awaitGathered(Duration look, Duration gather) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = look.toNanos(); left > 0 && orders.isEmpty() && !all && !ended; ) {
        left = changed.awaitNanos(left);
      }
      for (long left = gather.toNanos(); left > 0 && !all && !ended; ) {
        left = changed.awaitNanos(left);
      }
      orders.clear();
      all = false;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until nobody need wait any more, or the time is over; what is told meanwhile is
  /// another's.
  void awaitEnd(Duration time) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      orders.clear();
      for (long left = time.toNanos(); left > 0 && !ended; ) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
