package dev.quittance.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessCostTest {

  private final long here = ProcessHandle.current().pid();

  @Test
  void aRunningProcessHasTakenTimeAndMemory() {
    assertThat(ProcessCost.cpuMicros(here)).isPositive();
    assertThat(ProcessCost.residentMb(here)).isBetween(10.0, 100_000.0);
  }

  @Test
  void whoWaitsIsTakenFromTheProcessor() throws InterruptedException {
    long before = ProcessCost.switches(here);

    for (int i = 0; i < 20; i++) {
      Thread.ofPlatform().start(() -> {}).join();
    }

    assertThat(ProcessCost.switches(here) - before).isGreaterThanOrEqualTo(20);
    assertThat(ProcessCost.switchesOfAll(here)).isGreaterThanOrEqualTo(before);
    assertThat(ProcessCost.cpuMicrosOfAll(here)).isPositive();
  }
}
