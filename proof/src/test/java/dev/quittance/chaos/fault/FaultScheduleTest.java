package dev.quittance.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {

  private static final Set<Kind> ALL = Kind.ordinary();
  private static final Set<Part> EVERYWHERE = EnumSet.allOf(Part.class);

  @Test
  void tenMinutesHoldEveryFaultThreeTimes() {
    var forecast = FaultSchedule.of(1, Duration.ofMinutes(10), ALL, EVERYWHERE);

    assertThat(forecast.faults()).hasSizeGreaterThanOrEqualTo(60);
    assertThat(
            forecast.faults().stream()
                .collect(Collectors.groupingBy(Fault::label, Collectors.counting()))
                .values())
        .allMatch(times -> times == 3);
    assertThat(forecast.faults().stream().map(Fault::kind).collect(Collectors.toSet()))
        .isEqualTo(ALL);
  }

  /// What decision 32 says of a relay that was overtaken has to be met by real ones.
  @Test
  void whoeverHasARelayLosesItsLockInEachWay() {
    assertThat(FaultSchedule.of(1, Duration.ofMinutes(10), ALL, EVERYWHERE).faults())
        .extracting(Fault::label)
        .contains(
            "end-session fulfillment",
            "end-session receipts",
            "overtake fulfillment",
            "overtake receipts",
            "no-database fulfillment",
            "no-database receipts");
  }

  @Test
  void oneMinuteHoldsTenFaults() {
    assertThat(FaultSchedule.of(1, Duration.ofMinutes(1), ALL, EVERYWHERE).faults()).hasSize(10);
  }

  @Test
  void whileTheProviderIsSilentNothingElseIsBroken() {
    assertThat(FaultSchedule.of(1, Duration.ofMinutes(10), ALL, EVERYWHERE).storms())
        .filteredOn(storm -> storm.stream().anyMatch(fault -> fault.kind() == Kind.API_HANGS))
        .hasSize(3)
        .allMatch(storm -> storm.size() == 1);
  }

  @Test
  void aSeedAlwaysHoldsTheSame() {
    Function<Long, FaultSchedule> forecast =
        seed -> FaultSchedule.of(seed, Duration.ofMinutes(5), ALL, EVERYWHERE);

    assertThat(forecast.apply(7L)).isEqualTo(forecast.apply(7L));
    assertThat(forecast.apply(7L)).isNotEqualTo(forecast.apply(8L));
  }

  @Test
  void onlyWhatIsAskedForHappens() {
    var forecast = FaultSchedule.of(1, Duration.ofMinutes(1), Set.of(Kind.CUT), EVERYWHERE);

    assertThat(forecast.faults()).isNotEmpty().allMatch(fault -> fault.kind() == Kind.CUT);
  }

  @Test
  void onlyWhatIsAskedForIsBroken() {
    var forecast = FaultSchedule.of(1, Duration.ofMinutes(1), ALL, Set.of(Part.BROKER));

    assertThat(forecast.faults())
        .isNotEmpty()
        .allMatch(fault -> fault.parts().equals(List.of(Part.BROKER)));
  }

  @Test
  void aRollingUpdateReplacesEachService() {
    assertThat(FaultSchedule.of(1, Duration.ofMinutes(10), ALL, EVERYWHERE).faults())
        .filteredOn(fault -> fault.kind() == Kind.ROLL)
        .hasSize(3)
        .allMatch(
            fault -> fault.parts().equals(List.of(Part.INGEST, Part.FULFILLMENT, Part.RECEIPTS)));
  }

  @Test
  void severalAtOnceAreTwoOrThreeDifferentOnes() {
    assertThat(FaultSchedule.of(1, Duration.ofMinutes(10), ALL, EVERYWHERE).faults())
        .filteredOn(fault -> fault.kind() == Kind.KILL_SEVERAL)
        .allSatisfy(
            fault -> assertThat(fault.parts()).doesNotHaveDuplicates().hasSizeBetween(2, 3));
  }
}
