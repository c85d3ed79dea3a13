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
}
