package dev.quittance.sandbox.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.sandbox.shop.TestMethods.Sample;
import dev.quittance.sandbox.shop.TestMethods.Verdict;
import dev.quittance.sandbox.stripe.Decline;
import java.time.YearMonth;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestMethodsTest {

  private static final YearMonth NOW = YearMonth.of(2026, 11);

  @Test
  void stripesCardsDoWhatTheirListSays() {
    assertThat(stripe("4242 4242 4242 4242")).isInstanceOf(Verdict.Approved.class);
    assertThat(stripe("4000002500003155")).isInstanceOf(Verdict.Authenticate.class);
    assertThat(stripe("4000-0000-0000-9995"))
        .isInstanceOfSatisfying(
            Verdict.Declined.class,
            declined -> assertThat(declined.decline()).isEqualTo(Decline.INSUFFICIENT_FUNDS));
    assertThat(stripe("4000000000000002")).isInstanceOf(Verdict.Declined.class);
  }

  @Test
  void stripesAccountsPayLater() {
    assertThat(TestMethods.stripeAccount("at61 1904 3002 3457 3201"))
        .isInstanceOfSatisfying(
            Verdict.Delayed.class, delayed -> assertThat(delayed.comes()).isTrue());
    assertThat(TestMethods.stripeAccount("AT861904300235473202"))
        .isInstanceOfSatisfying(
            Verdict.Delayed.class, delayed -> assertThat(delayed.comes()).isFalse());
    assertThat(TestMethods.stripeAccount("DE89370400440532013000"))
        .isInstanceOf(Verdict.Unreadable.class);
  }

  @Test
  void paySupersCardsDoWhatTheirListSays() {
    assertThat(paySuper("4000000000000077")).isInstanceOf(Verdict.Approved.class);
    assertThat(paySuper("4000000000000002")).isInstanceOf(Verdict.Authenticate.class);
    assertThat(paySuper("5555555555554477")).isInstanceOf(Verdict.Declined.class);
    assertThat(paySuper("5555555555554444")).isInstanceOf(Verdict.Authenticate.class);
  }

  @Test
  void offeredNumbersAreAllUnderstood() {
    assertThat(TestMethods.STRIPE_CARDS)
        .extracting(Sample::number)
        .noneMatch(number -> stripe(number) instanceof Verdict.Unreadable);
    assertThat(TestMethods.PAYSUPER_CARDS)
        .extracting(Sample::number)
        .noneMatch(number -> paySuper(number) instanceof Verdict.Unreadable);
    assertThat(TestMethods.STRIPE_ACCOUNTS)
        .extracting(Sample::number)
        .noneMatch(number -> TestMethods.stripeAccount(number) instanceof Verdict.Unreadable);
  }

  @Test
  void mistypedCardsAreNoted() {
    Stream.of("", "4242424242424241", "4242", "abcd", "4111111111111111")
        .forEach(
            number -> assertThat(stripe(number)).as(number).isInstanceOf(Verdict.Unreadable.class));
    for (List<String> wrong :
        List.of(List.of("10/26", "123"), List.of("13/30", "123"), List.of("12/34", "12"))) {
      assertThat(TestMethods.stripeCard("4242424242424242", wrong.get(0), wrong.get(1), NOW))
          .isInstanceOf(Verdict.Unreadable.class);
    }
    assertThat(TestMethods.stripeCard("4242424242424242", "11 / 26", "1234", NOW))
        .isInstanceOf(Verdict.Approved.class);
  }

  private static Verdict stripe(String number) {
    return TestMethods.stripeCard(number, "12/34", "123", NOW);
  }

  private static Verdict paySuper(String number) {
    return TestMethods.paySuperCard(number, "12/34", "123", NOW);
  }
}
