package dev.quittance.messaging.inbox;

import dev.quittance.messaging.outbox.RelayObserver;
import java.util.Queue;

/// Notes what a relay is told to have failed at.
public record NotedFailures(Queue<Throwable> failures) implements RelayObserver {

  @Override
  public void relayed(String relay, int records) {}

  @Override
  public void notRelayed(String relay, Throwable cause) {
    failures.add(cause);
  }
}
