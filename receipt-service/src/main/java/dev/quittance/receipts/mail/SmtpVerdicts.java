package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what one mail server's refusals mean. Where in the dialogue it refuses says little:
/// Postfix tells clients and senders at the recipient that it doesn't want them, Exchange, Gmail
/// and SES tell policies and quotas there or after the letter. So it goes by what the answer says,
/// and by what the server said to others. Safe for use by several threads.
final class SmtpVerdicts {

  /// A few addresses in a hundred are wrong, so that five different ones in a row are no accident:
  /// the server refuses everybody, or somebody fills in nonsense, whom a pause doesn't hurt.
  static final int REFUSED_IN_A_ROW = 5;

  /// A server that took somebody's letter an hour ago may have changed its mind about us since.
  /// Also: a server that greylists takes the second or third attempt well within an hour.
  static final Duration LATELY = Duration.ofHours(1);

  /// Replies about ourselves, not about the letter or its reader: authentication (530, 534, 535,
  /// 538), a command out of order (503), a service that is closing (421) or none at all (521, 554
  /// as greeting, which comes at another step).
  private static final Set<Integer> OURS = Set.of(421, 503, 521, 530, 534, 535, 538);

  /// What servers without enhanced codes say of an unknown mailbox, and of a client that may not
  /// relay as well.
  private static final Set<Integer> BARE = Set.of(550, 551, 553);

  private static final int TOO_LARGE = 552;

  /// The last class of replies, permanent failures, ends before it.
  private static final int CODES_END = 600;

  /// Where in the dialogue.
  enum Step {
    /// Greeting, encryption, login.
    SESSION,
    SENDER,
    RECIPIENT,
    /// The letter itself, and the answer to it.
    LETTER
  }

  private final Clock clock;
  private @Nullable Taken last;
  private @Nullable Taken lastOfAnother;

  /// Who was refused, and who was refused or deferred, since somebody's letter was taken. Never
  /// more than matter.
  private final Set<String> refused = new HashSet<>();

  private final Set<String> notTaken = new HashSet<>();
  private Instant notTakenSince = Instant.MAX;

  SmtpVerdicts(Clock clock) {
    this.clock = clock;
  }

  private record Taken(String address, Instant at) {
    @Override
    public String toString() {
      return "Taken[" + at + "]";
    }
  }

  /// The server took somebody's letter.
  synchronized Reply accepted(Mailbox to) {
    if (last != null && !last.address().equals(to.address())) {
      lastOfAnother = last;
    }
    last = new Taken(to.address(), clock.instant());
    refused.clear();
    notTaken.clear();
    return new Reply.Accepted();
  }

  /// The server didn't take somebody's letter.
  ///
  /// @param words all lines of its answer, their codes included, without addresses
  /// @param shown as much of them as people are shown
  synchronized Reply refused(Step step, int code, String words, String shown, Mailbox to) {
    var reason = new Reason("smtp_" + code, shown);
    // what isn't SMTP at all comes as a 500 without a code in its words, or with a code of no class
    boolean spoken = words.startsWith(Integer.toString(code)) && code < CODES_END;
    List<EnhancedStatus> statuses = EnhancedStatus.in(words);
    if (!spoken || OURS.contains(code) || !aboutTheLetter(step, code, statuses)) {
      return new Reply.Deferred(reason, Reply.Trouble.SERVER_AWAY);
    }
    boolean forGood = code >= 500;
    Instant now = clock.instant();
    count(to, forGood, now);
    if (refusesEverybody(now)) {
      return new Reply.Deferred(reason, Reply.Trouble.SERVER_REFUSES);
    }
    return forGood && aboutTheRecipient(step, code, statuses, to, now)
        ? new Reply.Refused(reason)
        : new Reply.Deferred(reason, Reply.Trouble.LETTER);
  }

  /// Before the recipient is named, the only thing about a letter that can be refused is its size.
  private static boolean aboutTheLetter(Step step, int code, List<EnhancedStatus> statuses) {
    return switch (step) {
      case SESSION -> false;
      case SENDER -> code == TOO_LARGE || statuses.stream().anyMatch(EnhancedStatus::tooLarge);
      case RECIPIENT, LETTER -> true;
    };
  }

  private boolean aboutTheRecipient(
      Step step, int code, List<EnhancedStatus> statuses, Mailbox to, Instant now) {
    return switch (step) {
      case SESSION, SENDER -> false;
      case RECIPIENT, LETTER ->
          statuses.isEmpty()
              ? step == Step.RECIPIENT && BARE.contains(code) && tookAnothers(to, now)
              // one that says something else as well is not sure itself
              : statuses.stream().allMatch(EnhancedStatus::aboutTheRecipient);
    };
  }

  private boolean tookAnothers(Mailbox to, Instant now) {
    return isLatelyAnothers(last, to, now) || isLatelyAnothers(lastOfAnother, to, now);
  }

  private static boolean isLatelyAnothers(@Nullable Taken taken, Mailbox to, Instant now) {
    return taken != null
        && !taken.address().equals(to.address())
        && now.isBefore(taken.at().plus(LATELY));
  }

  private void count(Mailbox to, boolean forGood, Instant now) {
    if (notTaken.isEmpty()) {
      notTakenSince = now;
    }
    if (notTaken.size() < REFUSED_IN_A_ROW) {
      notTaken.add(to.address());
    }
    if (forGood && refused.size() < REFUSED_IN_A_ROW) {
      refused.add(to.address());
    }
  }

  private boolean refusesEverybody(Instant now) {
    return refused.size() >= REFUSED_IN_A_ROW
        || (notTaken.size() >= REFUSED_IN_A_ROW && !now.isBefore(notTakenSince.plus(LATELY)));
  }
}
