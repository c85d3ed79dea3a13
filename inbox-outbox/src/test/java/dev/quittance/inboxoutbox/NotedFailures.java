package dev.quittance.inboxoutbox;

import java.util.Queue;

/// Notes what a relay is told to have failed at.
record NotedFailures(Queue<Throwable> failures) implements RelayObserver {

  @Override
  public void relayed(String relay, int records) {}

  @Override
  public void notRelayed(String relay, Throwable cause) {
    failures.add(cause);
  }
}
