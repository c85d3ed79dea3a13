package dev.quittance.testkit;

import java.time.Duration;

/// A broker or a service in a JVM of its own.
abstract class JvmProcess implements LocalServer {

  final Process process;
  private final Duration stopMax;

  /// @param stopMax how long it may take to end
  JvmProcess(Process process, Duration stopMax) {
    this.process = process;
    this.stopMax = stopMax;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void pause() {
    Sessions.signal(process(), "STOP");
  }

  @Override
  public void resume() {
    Sessions.signal(process(), "CONT");
  }

  @Override
  public void kill() {
    Jvm.kill(process);
  }

  @Override
  public void close() {
    Jvm.stop(process, stopMax);
  }
}
