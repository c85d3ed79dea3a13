package dev.quittance.simulation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// One run: two instances of each service, a provider, a shipper, and everything that goes wrong.
final class Simulation {

  /// So many steps things go wrong; then it is calm.
  private static final int STORM_STEPS = 900;

  /// What came of a run.
  ///
  /// @param violation what was found wrong, or null
  /// @param faultsInAll crashes, stalls and cuts
  record Outcome(
      long seed,
      @Nullable String violation,
      String faults,
      int faultsInAll,
      int mails,
      List<String> trace) {

    Outcome {
      trace = List.copyOf(trace);
    }
  }

  private Simulation() {}

  /// The world is a virtual thread as its strands are: a step from one to another then costs no
  /// switch of the operating system's threads, which is most of what a run cost otherwise.
  static Outcome run(long seed, Set<Flaw> flaws, boolean tracing) {
    var run = new FutureTask<>(() -> live(seed, flaws, tracing));
    Thread.ofVirtual().name("world").start(run);
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Outcome live(long seed, Set<Flaw> flaws, boolean tracing) {
    var world = new World(seed, STORM_STEPS, tracing);
    var broker = new Broker(world);
    var scenario = new Scenario(world);
    var edge = new Edge(world, broker, scenario.events, flaws);
    var fulfillment = new Fulfillment(world, broker, flaws);
    var smtp = new Smtp(world);
    var receipts = new Receipts(world, broker, smtp, flaws);
    world.add(new Host(world, "provider", edge::provider));
    world.add(new Host(world, "network", broker::network));
    for (int instance = 1; instance <= 2; instance++) {
      world.addMortal(new Host(world, "ingest-" + instance, edge::boot));
      world.addMortal(new Host(world, "fulfillment-" + instance, fulfillment::boot));
      world.addMortal(new Host(world, "receipts-" + instance, receipts::boot));
    }
    world.addMortal(new Host(world, "shipper", new Shipper(world, broker)::boot));
    world.cuttable(broker::expelSomebody);
    world.cuttable(edge::deploy);
    String violation = null;
    try {
      world.run();
      new Checker(scenario, broker, edge, fulfillment, receipts, smtp, flaws).check();
    } catch (AssertionError e) {
      violation = String.valueOf(e.getMessage());
    }
    return new Outcome(
        seed,
        violation,
        world.faults(),
        world.faultsInAll(),
        smtp.mailbox().size(),
        world.traced());
  }
}
