package dev.quittance.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A simulated process: it can be killed, started again, and stopped for a while.
final class Host {

  private final World world;
  private final String name;
  private final Consumer<Host> boot;
  private final List<Strand> strands = new ArrayList<>();
  private final List<Runnable> onDeath = new ArrayList<>();
  private boolean alive;
  private int life;
  private long stalledUntil;

  Host(World world, String name, Consumer<Host> boot) {
    this.world = world;
    this.name = name;
    this.boot = boot;
  }

  long worldNow() {
    return world.now();
  }

  String name() {
    return name;
  }

  /// Tells one life of the process from the next.
  String incarnation() {
    return name + "#" + life;
  }

  boolean alive() {
    return alive;
  }

  void start() {
    alive = true;
    life++;
    stalledUntil = 0;
    boot.accept(this);
  }

  /// A thread of this process.
  void spawn(String strandName, Strand.Body body) {
    var strand = new Strand(world, this, strandName, body);
    strands.add(strand);
    strand.start();
  }

  /// What the rest of the world notices when the process dies: connections break.
  void onDeath(Runnable notice) {
    onDeath.add(notice);
  }

  void kill() {
    alive = false;
    List.copyOf(strands).forEach(Strand::kill);
    strands.clear();
    List.copyOf(onDeath).forEach(Runnable::run);
    onDeath.clear();
  }

  /// Stops it without ending it, as SIGSTOP does or a long pause of the machine.
  void stall(long until) {
    stalledUntil = until;
  }

  boolean stalled() {
    return world.now() < stalledUntil;
  }

  void goOn() {
    stalledUntil = 0;
  }

  List<Strand> strands() {
    return strands;
  }
}
