package dev.quittance.chaos;

import dev.quittance.chaos.Leaderships.Whose;
import dev.quittance.chaos.fault.Fault;
import dev.quittance.chaos.fault.Part;
import dev.quittance.chaos.history.Entry;
import dev.quittance.chaos.peers.MailServer.Mood;
import dev.quittance.chaos.peers.Proxy.Way;
import dev.quittance.testkit.StackFault;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Makes the forecast come true: several faults at a time, but one per part.
final class FaultInjector {

  /// Two cores can't start more processes at a time than this.
  private static final int AT_ONCE_MAX = 3;

  /// A relay that has its locks again publishes within a tenth of it, and backs off within it.
  private static final int LEADS_MS_MAX = 1_000;

  private static final List<Whose> SESSIONS = List.of(Whose.EVENTS, Whose.STATES, Whose.ALL);

  /// Longer than a relay waits between two looks, a second: by then it has asked.
  private static final Duration LOOKS = Duration.ofMillis(1_500);

  /// What was in hand when it was stopped is sent by then.
  private static final Duration GOES_ON = Duration.ofSeconds(3);

  private final Cluster cluster;
  private final Clock clock;
  private final Consumer<Entry> history;
  private final Consumer<String> progress;
  private final Map<String, Integer> survived = new TreeMap<>();
  private final AtomicLong names = new AtomicLong();
  private final Map<Part, SmallDisk> disks;

  /// @param disks those that may be filled
  FaultInjector(
      Cluster cluster,
      Map<Part, SmallDisk> disks,
      Clock clock,
      Consumer<Entry> history,
      Consumer<String> progress) {
    this.disks = Map.copyOf(disks);
    this.cluster = cluster;
    this.clock = clock;
    this.history = history;
    this.progress = progress;
  }

  /// How often what was broken and repaired.
  synchronized Map<String, Integer> survived() {
    return new TreeMap<>(survived);
  }

  /// Returns when all faults are over and everything is ready again.
  void storm(List<Fault> faults) throws InterruptedException {
    try (ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE_MAX, Thread.ofPlatform().factory())) {
      var all = new ArrayList<Future<?>>();
      faults.forEach(fault -> all.add(threads.submit(() -> run(fault))));
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StackFault fault
          ? fault
          : new IllegalStateException(e.getCause());
    }
    cluster.awaitReady();
  }

  private Object run(Fault fault) throws InterruptedException {
    Thread.sleep(fault.pause());
    // always in the same order, so that two faults of several parts can't wait for each other
    List<Part> parts = fault.parts().stream().sorted().toList();
    parts.forEach(part -> cluster.lock(part).lock());
    if (parts.contains(Part.BROKER)) {
      cluster.choose(fault.dice());
    }
    long from = clock.millis();
    try {
      progress.accept("%s, %.1f s".formatted(words(fault), fault.lasts().toMillis() / 1000.0));
      breakIt(fault);
    } finally {
      parts.stream()
          .filter(Cluster.SERVICES::contains)
          .forEach(part -> cluster.service(part).forgive());
      parts.forEach(part -> cluster.lock(part).unlock());
      history.accept(
          new Entry.Faulted(
              from,
              clock.millis(),
              fault.kind().label(),
              fault.parts().stream().map(Part::label).toList()));
    }
    synchronized (this) {
      survived.merge(fault.label(), 1, Integer::sum);
    }
    return fault;
  }

  private static String words(Fault fault) {
    return fault.kind().label()
        + " "
        + String.join(" and ", fault.parts().stream().map(Part::label).toList());
  }

  private void breakIt(Fault fault) throws InterruptedException {
    Part part = fault.parts().getFirst();
    switch (fault.kind()) {
      case KILL, KILL_SEVERAL -> {
        fault.parts().forEach(killed -> cluster.process(killed).kill());
        Thread.sleep(fault.lasts());
        fault.parts().forEach(cluster::start);
      }
      case TERM -> {
        cluster.process(part).close();
        Thread.sleep(fault.lasts());
        cluster.start(part);
      }
      case STOP -> {
        cluster.process(part).pause();
        Thread.sleep(fault.lasts());
        cluster.process(part).resume();
      }
      case REBALANCE -> rebalance(part, fault);
      case ROLL -> {
        for (Part service : fault.parts()) {
          roll(service);
        }
      }
      case CUT -> on(part, Way.CUT, fault);
      case SLOW -> on(part, Way.SLOW, fault);
      case HALF_OPEN -> on(part, Way.HALF_OPEN, fault);
      case MAIL_AWAY -> mail(Mood.AWAY, fault);
      case MAIL_LATER -> mail(Mood.LATER, fault);
      case MAIL_REFUSES -> mail(Mood.REFUSES, fault);
      case MAIL_BOUNCES -> mail(Mood.BOUNCES, fault);
      case MAIL_DENIES -> mail(Mood.DENIES, fault);
      case END_SESSION -> endSessions(part, fault);
      case OVERTAKE -> overtake(part, fault);
      case NO_DATABASE -> {
        cluster.wayToDatabase(part).turn(Way.HALF_OPEN);
        Thread.sleep(fault.lasts());
        cluster.wayToDatabase(part).turn(Way.OPEN);
      }
      case DISK_FULL -> diskFull(part, fault);
      case API_FAILS -> {
        cluster.api().failing(true);
        Thread.sleep(fault.lasts());
        cluster.api().failing(false);
      }
      case API_HANGS -> {
        cluster.api().hanging(true);
        Thread.sleep(Cluster.API_HANGS_FOR);
        cluster.api().hanging(false);
      }
    }
  }

  private void on(Part part, Way way, Fault fault) throws InterruptedException {
    cluster.way(part).turn(way);
    Thread.sleep(fault.lasts());
    cluster.way(part).turn(Way.OPEN);
  }

  private void mail(Mood mood, Fault fault) throws InterruptedException {
    cluster.mail().turn(mood);
    Thread.sleep(fault.lasts());
    cluster.mail().turn(Mood.GOOD);
  }

  /// A server may stop at once, later, or not at all; with room again it goes on or is started
  /// again.
  private void diskFull(Part part, Fault fault) throws InterruptedException {
    SmallDisk disk = Objects.requireNonNull(disks.get(part));
    disk.fill();
    Thread.sleep(fault.lasts());
    disk.empty();
    cluster.process(part).close();
    cluster.start(part);
  }

  /// The second instance takes half of the partitions, and gives them back in one way or another.
  private void rebalance(Part part, Fault fault) throws InterruptedException {
    Instance second = second(part);
    Thread.sleep(fault.lasts());
    leave(second, part, fault);
  }

  /// As a Deployment rolls over: a new instance is ready before an old one has to go, and whoever
  /// goes is asked to. Both work for a while.
  private void roll(Part part) {
    Instance second = second(part);
    cluster.process(part).close();
    cluster.start(part);
    awaitReady(cluster.service(part));
    second.process().close();
  }

  private Instance second(Part part) {
    Instance second = cluster.another(part, part.label() + "-second-" + names.incrementAndGet());
    second.launch();
    awaitReady(second);
    return second;
  }

  private static void awaitReady(Instance started) {
    try {
      started.process().awaitReady();
    } catch (StackFault _) {
      // it came in the middle of another fault and didn't live to see its end, which is one, too
    }
  }

  private void leave(Instance second, Part part, Fault fault) {
    if (fault.dice() % 2 == 0) {
      second.process().close();
    } else {
      long from = clock.millis();
      second.process().kill();
      history.accept(new Entry.Faulted(from, clock.millis(), "kill", List.of(part.label())));
    }
  }

  /// Whoever leads loses its lock at any moment of its work, and may have it again.
  private void endSessions(Part part, Fault fault) throws InterruptedException {
    var random = new Random(fault.dice());
    long end = System.nanoTime() + fault.lasts().toNanos();
    int ended = 0;
    while (System.nanoTime() < end) {
      ended += cluster.leaderships(part).end(SESSIONS.get(random.nextInt(SESSIONS.size())));
      Thread.sleep(random.nextInt(LEADS_MS_MAX));
    }
    progress.accept(words(fault) + ": " + ended + " sessions");
  }

  /// A relay stops when its look has been answered and before it knows the answer. Its locks pass
  /// to the second instance, which publishes the same and what is newer. Then it is told the answer
  /// and goes on.
  private void overtake(Part part, Fault fault) throws InterruptedException {
    Instance second = second(part);
    cluster.wayToDatabase(part).turn(Way.LATE_ANSWERS);
    Thread.sleep(LOOKS);
    cluster.process(part).pause();
    int ended = cluster.leaderships(part).end(Whose.ALL);
    Thread.sleep(fault.lasts());
    cluster.wayToDatabase(part).turn(Way.OPEN);
    cluster.process(part).resume();
    progress.accept(words(fault) + ": " + ended + " sessions passed on");
    Thread.sleep(GOES_ON);
    leave(second, part, fault);
  }
}
