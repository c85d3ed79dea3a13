package dev.quittance.bench.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void theMedianIsTheOneInTheMiddleWhateverTheOrder() {
    assertThat(Samples.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
    assertThat(Samples.median(List.of(4.0))).isEqualTo(4);
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    assertThat(Samples.median(List.of(1.0, 100.0, 3.0, 2.0))).isEqualTo(2.5);
  }

  @Test
  void nothingHasNoMedian() {
    assertThatIllegalArgumentException().isThrownBy(() -> Samples.median(List.of()));
  }

  @Test
  void percentilesAreValuesThatWereMeasured() {
    long[] hundred = LongStream.rangeClosed(1, 100).toArray();

    assertThat(Samples.percentile(hundred, 0.5)).isEqualTo(50);
    assertThat(Samples.percentile(hundred, 0.07)).isEqualTo(7);
    assertThat(Samples.percentile(hundred, 0.99)).isEqualTo(99);
    assertThat(Samples.percentile(hundred, 0.999)).isEqualTo(100);
    assertThat(Samples.percentile(hundred, 1)).isEqualTo(100);
  }

  @Test
  void aLoneValueIsEveryPercentile() {
    assertThat(Samples.percentile(new long[] {7}, 0.001)).isEqualTo(7);
    assertThat(Samples.percentile(new long[] {7}, 1)).isEqualTo(7);
  }

  @Test
  void thereIsNoPercentileOfNothingNorBeyondAll() {
    assertThatIllegalArgumentException().isThrownBy(() -> Samples.percentile(new long[0], 0.5));
    assertThatIllegalArgumentException().isThrownBy(() -> Samples.percentile(new long[] {1}, 1.01));
    assertThatIllegalArgumentException().isThrownBy(() -> Samples.percentile(new long[] {1}, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Samples.percentile(new long[] {1}, Double.NaN));
  }

  @Test
  void nanosecondsInAnyOrderBecomeMilliseconds() {
    assertThat(Samples.percentileMs(new long[] {3_000_000, 1_000_000, 2_500_000}, 0.5))
        .isEqualTo(2.5);
  }

  @Test
  void theRatioIsThatOfTheMedians() {
    assertThat(Samples.ratio(List.of(90.0, 10.0, 80.0), List.of(100.0, 1.0, 1000.0)))
        .isEqualTo(0.8);
  }
}
