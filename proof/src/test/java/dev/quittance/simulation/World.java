package dev.quittance.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/// Time, chance and the order of things. A storm of faults comes first, then calm in which
/// everything has to come to rest.
final class World {

  /// Far more than any seed needs to come to rest: what takes longer runs in circles.
  private static final int STEPS_MAX = 60_000;

  /// Enough of the past to understand a failure.
  private static final int TRACE_MAX = 400;

  private static final int STALL_MS_MAX = 1_000;

  private final Random random;
  private final int stormSteps;
  private final Thread thread = Thread.currentThread();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Host> mortals = new ArrayList<>();
  private final List<Runnable> cuts = new ArrayList<>();
  private final Deque<String> trace = new ArrayDeque<>();
  private final boolean tracing;
  private long now;
  private int steps;
  private boolean storm = true;
  private int crashes;
  private int stalls;
  private int cutsMade;

  World(long seed, int stormSteps, boolean tracing) {
    this.random = new Random(seed);
    this.stormSteps = stormSteps;
    this.tracing = tracing;
  }

  Thread thread() {
    return thread;
  }

  long now() {
    return now;
  }

  /// Whether faults still happen.
  boolean storm() {
    return storm;
  }

  /// One chance in `n`, and none once it is calm.
  boolean mishap(int n) {
    return storm && random.nextInt(n) == 0;
  }

  int below(int n) {
    return random.nextInt(n);
  }

  /// Half of all steps go on without letting anybody else run.
  boolean staysWith() {
    return random.nextBoolean();
  }

  /// A process that is there from the beginning and that nothing happens to.
  void add(Host host) {
    hosts.add(host);
  }

  /// A process of ours: it may be killed and stalled.
  void addMortal(Host host) {
    hosts.add(host);
    mortals.add(host);
  }

  /// Something that can be cut off from everybody at once, such as a database that restarts.
  void cuttable(Runnable cut) {
    cuts.add(cut);
  }

  void trace(Strand strand, String point) {
    if (tracing) {
      if (trace.size() == TRACE_MAX) {
        trace.removeFirst();
      }
      trace.addLast(now + " " + strand.host.incarnation() + "/" + strand.name + ": " + point);
    }
  }

  List<String> traced() {
    return List.copyOf(trace);
  }

  String faults() {
    return crashes + " crashes, " + stalls + " stalls, " + cutsMade + " cuts";
  }

  int faultsInAll() {
    return crashes + stalls + cutsMade;
  }

  /// Runs until nothing more happens.
  void run() {
    hosts.forEach(Host::start);
    try {
      while (true) {
        if (steps++ > STEPS_MAX) {
          throw new AssertionError("it never comes to rest");
        }
        now++;
        if (storm && steps > stormSteps) {
          calm();
        }
        if (storm) {
          disturb();
        }
        List<Strand> ready = ready();
        if (!ready.isEmpty()) {
          ready.get(random.nextInt(ready.size())).resume();
        } else if (!sleep()) {
          if (!storm) {
            return;
          }
          calm();
        }
      }
    } finally {
      hosts.forEach(Host::kill);
    }
  }

  private List<Strand> ready() {
    var ready = new ArrayList<Strand>();
    for (Host host : hosts) {
      if (host.alive() && !host.stalled()) {
        for (Strand strand : host.strands()) {
          if (strand.ready()) {
            ready.add(strand);
          }
        }
      }
    }
    return ready;
  }

  /// Nobody has anything to do now: the next thing is a matter of time.
  private boolean sleep() {
    long next = Long.MAX_VALUE;
    for (Host host : hosts) {
      if (host.alive()) {
        for (Strand strand : host.strands()) {
          next = Math.min(next, strand.deadline());
        }
      }
    }
    if (next == Long.MAX_VALUE || next <= now) {
      return hosts.stream().anyMatch(Host::stalled);
    }
    now = next;
    return true;
  }

  private void calm() {
    storm = false;
    for (Host host : hosts) {
      host.goOn();
      if (!host.alive()) {
        host.start();
      }
    }
  }

  private void disturb() {
    if (random.nextInt(40) != 0) {
      return;
    }
    Host host = mortals.get(random.nextInt(mortals.size()));
    switch (random.nextInt(4)) {
      case 0, 1 -> {
        if (host.alive()) {
          host.kill();
          crashes++;
        } else {
          host.start();
        }
      }
      case 2 -> {
        host.stall(now + random.nextInt(STALL_MS_MAX));
        stalls++;
      }
      default -> {
        if (!cuts.isEmpty()) {
          cuts.get(random.nextInt(cuts.size())).run();
          cutsMade++;
        }
      }
    }
  }
}
