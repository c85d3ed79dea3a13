package dev.quittance.contracts;

import static dev.quittance.contracts.LookUpState.KNOWN;
import static dev.quittance.contracts.LookUpState.NONE;
import static dev.quittance.contracts.LookUpState.PENDING;
import static dev.quittance.contracts.LookUpState.UNKNOWN;
import static dev.quittance.contracts.SourceEventState.ofFact;
import static dev.quittance.contracts.SourceEventState.ofWithdrawal;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/// Which facts of one provider event count, whatever was said of it and in whichever order.
class SourceEventStateTest {

  @Property
  void theOrderAndRepetitionOfWhatWasSaidDoNotMatter(
      @ForAll("said") List<SourceEventState> said, @ForAll Random luck) {
    var shuffled = new ArrayList<>(said);
    said.stream().filter(_ -> luck.nextBoolean()).forEach(shuffled::add);
    Collections.shuffle(shuffled, luck);

    assertThat(all(shuffled)).isEqualTo(all(said));
  }

  /// What was dropped once needn't be kept to know what counts later.
  @Property
  void whatDoesNotCountNeverCountsAgain(
      @ForAll("said") List<SourceEventState> said, @ForAll("said") List<SourceEventState> later) {
    SourceEventState before = all(said);
    SourceEventState after = before.merge(all(later));

    for (int translation = 1; translation <= 3; translation++) {
      for (LookUpState lookUp : List.of(PENDING, NONE, KNOWN)) {
        if (said.contains(ofFact(translation, lookUp)) && !before.counts(translation, lookUp)) {
          assertThat(after.counts(translation, lookUp)).as("%d %s", translation, lookUp).isFalse();
        }
      }
    }
  }

  @Test
  void aHigherTranslationReplacesALowerOne() {
    SourceEventState state = all(ofFact(1, NONE), ofFact(2, NONE));

    assertThat(state.counts(1, NONE)).isFalse();
    assertThat(state.counts(2, NONE)).isTrue();
  }

  @Test
  void aWithdrawalReplacesALowerTranslationThatComesLater() {
    SourceEventState state = all(ofWithdrawal(2, NONE), ofFact(1, NONE), ofFact(1, KNOWN));

    assertThat(state.counts(1, NONE)).isFalse();
    assertThat(state.counts(1, KNOWN)).isFalse();
  }

  @Test
  void aHigherTranslationEndsAWithdrawal() {
    SourceEventState state = all(ofFact(1, NONE), ofWithdrawal(2, NONE), ofFact(3, NONE));

    assertThat(state.counts(3, NONE)).isTrue();
  }

  @Test
  void anAnswerCountsUntilAHigherTranslationHasItsOwn() {
    SourceEventState open = all(ofFact(1, PENDING), ofFact(1, KNOWN), ofFact(2, PENDING));
    SourceEventState answered = open.merge(ofFact(2, KNOWN));

    assertThat(open.counts(2, PENDING)).isTrue();
    assertThat(open.counts(1, PENDING)).isFalse();
    assertThat(open.counts(1, KNOWN)).isTrue();
    assertThat(answered.counts(1, KNOWN)).isFalse();
    assertThat(answered.counts(2, KNOWN)).isTrue();
  }

  @Test
  void aBetterAnswerOfTheSameTranslationCounts() {
    SourceEventState state = all(ofFact(1, PENDING), ofFact(1, KNOWN), ofFact(1, UNKNOWN));

    assertThat(state.counts(1, PENDING)).isTrue();
    assertThat(state.counts(1, KNOWN)).isTrue();
    assertThat(state.counts(1, UNKNOWN)).isFalse();
  }

  @Test
  void whatIsKnownIsNotLostToAHigherTranslationThatGotNoAnswer() {
    SourceEventState state = all(ofFact(1, KNOWN), ofFact(2, PENDING), ofFact(2, UNKNOWN));

    assertThat(state.counts(1, KNOWN)).isTrue();
    assertThat(state.counts(2, UNKNOWN)).isFalse();
  }

  @Test
  void anAnswerReplacesWhatALowerTranslationSaidWithoutAsking() {
    SourceEventState state = all(ofFact(1, NONE), ofFact(2, KNOWN));

    assertThat(state.counts(1, NONE)).isFalse();
    assertThat(state.counts(2, KNOWN)).isTrue();
  }

  @Test
  void aTranslationWithoutAnswerOrFactsLeavesWhatIsKnown() {
    SourceEventState state = all(ofFact(1, PENDING), ofFact(1, KNOWN), ofWithdrawal(2, UNKNOWN));

    assertThat(state.counts(1, PENDING)).isFalse();
    assertThat(state.counts(1, KNOWN)).isTrue();
  }

  @Test
  void anAnswerEndsWithATranslationThatHasNothingToAsk() {
    SourceEventState state = all(ofFact(1, PENDING), ofFact(1, KNOWN), ofFact(2, NONE));

    assertThat(state.counts(1, KNOWN)).isFalse();
  }

  @Test
  void anAnswerIsTakenBesideWhatWasSaidWithoutAKey() {
    SourceEventState state = all(ofFact(1, NONE), ofFact(1, PENDING), ofFact(1, KNOWN));

    assertThat(state.counts(1, NONE)).isTrue();
    assertThat(state.counts(1, KNOWN)).isTrue();
  }

  @Test
  void anAnswerThatFindsNothingTakesBackWhatWasSaidBefore() {
    SourceEventState state = all(ofFact(2, PENDING), ofWithdrawal(2, KNOWN));

    assertThat(state.counts(2, PENDING)).isFalse();
  }

  @Test
  void thatNothingIsKnownCountsAsLongAsNothingElseSaysMore() {
    assertThat(ofFact(1, UNKNOWN).counts(1, UNKNOWN)).isTrue();
    assertThat(all(ofFact(1, UNKNOWN), ofFact(2, UNKNOWN)).counts(1, UNKNOWN)).isFalse();
    assertThat(all(ofFact(1, UNKNOWN), ofFact(2, UNKNOWN)).counts(2, UNKNOWN)).isTrue();
    assertThat(all(ofFact(1, UNKNOWN), ofFact(2, NONE)).counts(1, UNKNOWN)).isFalse();
    assertThat(all(ofFact(1, NONE), ofFact(2, UNKNOWN)).counts(2, UNKNOWN)).isTrue();
  }

  /// A translation between the two had nothing to ask, and so ended what was known.
  @Test
  void whatIsKnownHidesAnOpenQuestionUntilItEnds() {
    assertThat(all(ofFact(1, KNOWN), ofFact(2, NONE), ofFact(3, UNKNOWN)).counts(3, UNKNOWN))
        .isTrue();
    assertThat(all(ofFact(1, NONE), ofFact(2, KNOWN), ofFact(3, UNKNOWN)).counts(3, UNKNOWN))
        .isFalse();
  }

  @Test
  void whatIsSaidAfterAnAnswerThatFoundNothingCountsAgain() {
    SourceEventState state = all(ofWithdrawal(2, KNOWN), ofFact(3, PENDING));

    assertThat(state.counts(3, PENDING)).isTrue();
    assertThat(state.counts(2, PENDING)).isFalse();
  }

  private static SourceEventState all(SourceEventState... said) {
    return all(Arrays.asList(said));
  }

  private static SourceEventState all(List<SourceEventState> said) {
    return said.stream().reduce(SourceEventState.NOTHING, SourceEventState::merge);
  }

  @Provide
  Arbitrary<List<SourceEventState>> said() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 3),
            Arbitraries.of(LookUpState.class),
            Arbitraries.of(true, true, true, false))
        .as((translation, lookUp, fact) ->
            fact ? ofFact(translation, lookUp) : ofWithdrawal(translation, lookUp))
        .list()
        .ofMaxSize(8);
  }
}
