package dev.quittance.receipts.mail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.receipts.Shop;
import dev.quittance.receipts.mail.SmtpVerdicts.Step;
import dev.quittance.testkit.HandClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real answers of real servers, and what they are about.
class SmtpVerdictsTest {

  private static final MailAddress SHOP = MailAddress.parse("receipts@shop.example").orElseThrow();
  private static final MailAddress JANE = mailbox("jane");

  private final HandClock clock = new HandClock(Shop.NOON);
  private final SmtpVerdicts verdicts = new SmtpVerdicts(clock);

  private static MailAddress mailbox(String name) {
    return MailAddress.parse(name + "@example.com").orElseThrow();
  }

  private SmtpReply refused(Step step, String words, MailAddress to) {
    return verdicts.refused(step, Integer.parseInt(words.substring(0, 3)), words, words, SHOP, to);
  }

  private SmtpReply refused(Step step, String words) {
    return refused(step, words, JANE);
  }

  private static void assertWaits(SmtpReply reply) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class,
            deferred -> assertThat(deferred.trouble()).isEqualTo(SmtpReply.Trouble.MAIL));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "550 5.1.1 <…>: Recipient address rejected: User unknown in virtual mailbox table",
        "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1"
            + " double-checking the address 550 5.1.1  https://support.example/answer/6596 - gsmtp",
        "550 5.1.2 Bad destination system address",
        "501 5.1.3 Bad recipient address syntax",
        "550 5.1.6 Mailbox has moved",
        "556 5.1.10 Recipient address has null MX",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient … not found by SMTP address lookup",
        "550 5.2.1 The email account that you tried to reach is disabled.",
        "552 5.2.2 The email account that you tried to reach is over quota",
        "550 Mailbox not found (5.1.1)",
        "554 delivery error: dd This user doesn't have an account [5.1.1]."
      })
  void answerAboutTheRecipientIsFinalAtWhateverStep(String words) {
    assertThat(refused(Step.RECIPIENT, words)).isInstanceOf(SmtpReply.Refused.class);
    verdicts.accepted(SHOP, mailbox("joe"));
    assertThat(refused(Step.DATA, words)).isInstanceOf(SmtpReply.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "554 5.7.1 <…>: Relay access denied",
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using a list",
        "550 5.7.1 Unable to relay",
        "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC"
            + " policy.",
        "550-5.7.1 [192.0.2.1 12] Our system has detected that this message is likely 550 5.7.1"
            + " unsolicited mail",
        "550-5.1.1 The account does not exist, or 550 5.7.1 you may not write to it",
        "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
        "550 5.7.64 TenantAttribution; Relay Access Denied",
        "550 5.1.7 Invalid sender address",
        "550 5.1.8 <…>: Sender address rejected: Domain not found",
        "501 5.1.8 Access denied, bad outbound sender",
        "552 5.2.3 Daily sending quota exceeded",
        "550 5.4.5 Daily user sending limit exceeded",
        "550 5.4.1 Recipient address rejected: Access denied. AS(201806281)",
        "552 5.3.4 Message size exceeds fixed limit",
        "554 5.3.0 blocked",
        "554 5.2.0 STOREDRV.Deliver.Exception",
        "550 5.2.10 no such status",
        "550 5.1.11 no such status",
        "550 4.1.1 cannot make up its mind",
        "554 Message rejected: Email address is not verified.",
        "552 mailbox full",
        "554 no"
      })
  void whateverElseIsRefusedWaits(String words) {
    // though the server took another's a moment ago
    verdicts.accepted(SHOP, mailbox("joe"));

    assertWaits(refused(Step.RECIPIENT, words));
    assertWaits(refused(Step.DATA, words));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "450 4.2.0 <…>: Recipient address rejected: Greylisted",
        "451 4.7.1 Greylisting in action, please come back later",
        "450 4.1.1 <…>: unverified address",
        "450 5.1.1 cannot make up its mind",
        "452 4.2.2 over quota"
      })
  void whatIsForTheTimeBeingWaits(String words) {
    verdicts.accepted(SHOP, mailbox("joe"));

    assertWaits(refused(Step.RECIPIENT, words));
  }

  @ParameterizedTest
  @CsvSource({
    "SESSION, 554 5.7.1 no SMTP service here",
    "SESSION, 550 5.1.1 whoever this may be about",
    "SENDER, 550 5.1.1 whoever this may be about",
    "SENDER, 550 5.1.8 Sender address rejected",
    "SENDER, 550 5.7.1 not allowed to send as that",
    "RECIPIENT, 421 4.3.2 closing",
    "RECIPIENT, 503 5.5.1 out of order",
    "RECIPIENT, 530 5.7.0 Authentication required",
    "DATA, 535 5.7.8 bad credentials",
    "RECIPIENT, 769 no such class"
  })
  void whatIsAboutTheConversationIsTheServersAffair(Step step, String words) {
    assertThat(refused(step, words))
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class, deferred -> assertThat(deferred.serverAway()).isTrue());
  }

  @Test
  void letterThatIsTooLargeIsNotTheSendersAffair() {
    assertWaits(refused(Step.SENDER, "552 Message size exceeds fixed maximum"));
    assertWaits(refused(Step.SENDER, "552 5.3.4 too large"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"550 mailbox unavailable", "551 not local", "553 mailbox name not allowed"})
  void bareRefusalCountsOnlyIfTheServerTookAnotherRecipientWithinTheHour(String words) {
    assertWaits(refused(Step.RECIPIENT, words));
    verdicts.accepted(SHOP, JANE);
    assertWaits(refused(Step.RECIPIENT, words));
    verdicts.accepted(SHOP, mailbox("joe"));
    assertWaits(refused(Step.DATA, words));
    assertThat(refused(Step.RECIPIENT, words)).isInstanceOf(SmtpReply.Refused.class);
    // another's stays another's, though this one's was taken last
    verdicts.accepted(SHOP, JANE);
    assertThat(refused(Step.RECIPIENT, words)).isInstanceOf(SmtpReply.Refused.class);

    clock.advance(Duration.ofHours(1).minusMillis(1));
    assertThat(refused(Step.RECIPIENT, words)).isInstanceOf(SmtpReply.Refused.class);
    clock.advance(Duration.ofMillis(1));
    assertWaits(refused(Step.RECIPIENT, words));
  }

  /// Postfix's `reject_unlisted_sender`, told at the recipient.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "550 5.1.0 <…>: Sender address rejected: User unknown in virtual mailbox table",
        "550 5.1.0 Address rejected.",
        "550 #5.1.0 Address rejected."
      })
  void whoseAddressIsMeantShowsOnlyWhereAnothersWasTaken(String words) {
    assertWaits(refused(Step.RECIPIENT, words));
    verdicts.accepted(SHOP, mailbox("joe"));
    assertThat(refused(Step.RECIPIENT, words)).isInstanceOf(SmtpReply.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"550 5.1.0 Sender address rejected", "550 sender not allowed"})
  void thatOneShopsLettersAreTakenSaysNothingOfAnothers(String words) {
    MailAddress other = MailAddress.parse("receipts@other.example").orElseThrow();
    verdicts.accepted(other, mailbox("joe"));

    for (int i = 0; i < 20; i++) {
      assertWaits(refused(Step.RECIPIENT, words, mailbox("c" + i)));
      verdicts.accepted(other, mailbox("d" + i));
    }
  }

  @Test
  void relayThatTakesMailForItsOwnDomainNeedNotTakeItForOthers() {
    verdicts.accepted(SHOP, MailAddress.parse("owner@shop.example").orElseThrow());

    assertWaits(refused(Step.RECIPIENT, "550 relay not permitted"));
  }

  @Test
  void severalDifferentRecipientsRefusedInARowAreTheServersAffair() {
    for (int i = 1; i < SmtpVerdicts.REFUSED_IN_A_ROW; i++) {
      assertThat(refused(Step.RECIPIENT, "550 5.1.1 unknown", mailbox("c" + i)))
          .isInstanceOf(SmtpReply.Refused.class);
      // the same one again is no other
      assertThat(refused(Step.RECIPIENT, "550 5.1.1 unknown", mailbox("c" + i)))
          .isInstanceOf(SmtpReply.Refused.class);
    }

    assertRefusesEverybody(refused(Step.RECIPIENT, "550 5.1.1 unknown", mailbox("c5")));
    // until it takes somebody's, whatever it says of one
    assertRefusesEverybody(refused(Step.RECIPIENT, "550 5.1.1 unknown", mailbox("c1")));
    assertRefusesEverybody(refused(Step.RECIPIENT, "450 later", mailbox("c1")));
    verdicts.accepted(SHOP, mailbox("joe"));
    assertThat(refused(Step.RECIPIENT, "550 5.1.1 unknown", mailbox("c1")))
        .isInstanceOf(SmtpReply.Refused.class);
  }

  @Test
  void relayThatDeniesIsFoundOutByTheFifthRecipient() {
    for (int i = 1; i < SmtpVerdicts.REFUSED_IN_A_ROW; i++) {
      assertWaits(refused(Step.RECIPIENT, "554 5.7.1 Relay access denied", mailbox("c" + i)));
    }
    assertRefusesEverybody(refused(Step.DATA, "550 5.7.26 DMARC", mailbox("c5")));
  }

  /// A server that greylists defers each new recipient, and takes the second or third attempt.
  @Test
  void severalDeferredInARowAreTheServersAffairAfterAnHour() {
    for (int i = 0; i < 100; i++) {
      assertWaits(refused(Step.RECIPIENT, "450 4.7.1 not you", mailbox("c" + i)));
    }
    clock.advance(SmtpVerdicts.LATELY);

    assertRefusesEverybody(refused(Step.RECIPIENT, "450 4.7.1 not you", mailbox("c1")));
  }

  private static void assertRefusesEverybody(SmtpReply reply) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class,
            deferred -> assertThat(deferred.trouble()).isEqualTo(SmtpReply.Trouble.SERVER_REFUSES));
  }

  @Test
  void numbersOfOtherKindsAreNoStatus() {
    assertThat(EnhancedStatus.in("550 host 5.1.1.7 and v5.1.1 and 5.1.1.7.example and 15.1.1"))
        .isEmpty();
    assertThat(EnhancedStatus.in("550 5.1.1: unknown. See 5.7.1."))
        .containsExactly(new EnhancedStatus(5, 1, 1), new EnhancedStatus(5, 7, 1));
  }

  /// Its sender isn't verified at the relay, which takes the other shop's mails all the time.
  @Test
  void aShopThatIsRefusedForItsSenderHoldsUpNoOther() {
    MailAddress other = MailAddress.parse("receipts@other.example").orElseThrow();
    verdicts.accepted(other, JANE);

    for (int n = 0; n < 2 * SmtpVerdicts.REFUSED_IN_A_ROW; n++) {
      assertWaits(
          refused(
              Step.DATA, "554 Message rejected: Email address is not verified", mailbox("r" + n)));
    }

    clock.advance(SmtpVerdicts.LATELY);
    assertThat(
            refused(
                Step.DATA, "554 Message rejected: Email address is not verified", mailbox("late")))
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class,
            deferred -> assertThat(deferred.trouble()).isEqualTo(SmtpReply.Trouble.SERVER_REFUSES));
    verdicts.accepted(other, JANE);
    assertWaits(
        refused(Step.DATA, "554 Message rejected: Email address is not verified", mailbox("x")));
  }
}
