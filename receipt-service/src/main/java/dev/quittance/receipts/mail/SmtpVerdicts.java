package dev.quittance.receipts.mail;

import dev.quittance.contracts.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what one mail server's refusals mean. Where in the dialogue it refuses says little:
/// Postfix tells clients and senders at the recipient that it doesn't want them, Exchange, Gmail
/// and SES tell policies and quotas there or after the mail. So it goes by what the answer says,
/// and by what the server said to others. Safe for use by several threads.
final class SmtpVerdicts {

  /// A few addresses in a hundred are wrong, so that five different ones in a row are no accident:
  /// the server refuses everybody, or somebody fills in nonsense, whom a pause doesn't hurt.
  static final int REFUSED_IN_A_ROW = 5;

  /// A server that took somebody's mail an hour ago may have changed its mind about us since. Also:
  /// a server that greylists takes the second or third attempt well within an hour.
  static final Duration LATELY = Duration.ofHours(1);

  /// Replies about ourselves, not about the mail or its reader: authentication (530, 534, 535,
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
    /// The mail itself, and the answer to it.
    DATA
  }

  private final Clock clock;

  /// What the server took of each sender: that it takes one shop's mails says nothing of another's.
  /// There are as many as shops are set up.
  private final Map<String, Evidence> bySender = new HashMap<>();

  /// What it refuses each sender, likewise: a shop whose sender isn't verified at the relay is no
  /// reason to hold up another shop's mails.
  private final Map<String, Streak> streaks = new HashMap<>();

  /// When it last took a mail of each sender, to whomever.
  private final Map<String, Instant> tookOf = new HashMap<>();

  SmtpVerdicts(Clock clock) {
    this.clock = clock;
  }

  /// The newest mail that was taken of one sender, and the newest to another recipient.
  private record Evidence(Taken last, @Nullable Taken lastOfAnother) {

    Evidence and(Taken next) {
      return new Evidence(next, last.address().equals(next.address()) ? lastOfAnother : last);
    }

    boolean ofAnother(MailAddress than, Instant now) {
      return isLatelyAnothers(last, than, now) || isLatelyAnothers(lastOfAnother, than, now);
    }
  }

  /// Who was refused, and who was refused or deferred, since a mail of the same sender was taken.
  /// Never more than matter.
  private static final class Streak {
    private final Set<String> refused = new HashSet<>();
    private final Set<String> notTaken = new HashSet<>();
    private final Instant since;

    Streak(Instant since) {
      this.since = since;
    }

    void count(MailAddress to, boolean forGood) {
      if (notTaken.size() < REFUSED_IN_A_ROW) {
        notTaken.add(to.address());
      }
      if (forGood && refused.size() < REFUSED_IN_A_ROW) {
        refused.add(to.address());
      }
    }

    boolean isNoAccident(Instant now) {
      return refused.size() >= REFUSED_IN_A_ROW
          || (notTaken.size() >= REFUSED_IN_A_ROW && !now.isBefore(since.plus(LATELY)));
    }
  }

  private record Taken(String address, Instant at) {
    @Override
    public String toString() {
      return "Taken[" + at + "]";
    }
  }

  /// The server took somebody's mail.
  ///
  /// @param from its envelope's sender
  synchronized SmtpReply accepted(MailAddress from, MailAddress to) {
    // a relay that takes mail for its own domain need not take any of ours for others
    if (!to.domain().equalsIgnoreCase(from.domain())) {
      var taken = new Taken(to.address(), clock.instant());
      bySender.merge(from.address(), new Evidence(taken, null), (known, _) -> known.and(taken));
    }
    streaks.remove(from.address());
    tookOf.put(from.address(), clock.instant());
    return new SmtpReply.Accepted();
  }

  /// The server didn't take somebody's mail.
  ///
  /// @param from its envelope's sender
  /// @param words all lines of its answer, their codes included, without addresses
  /// @param shown as much of them as people are shown
  synchronized SmtpReply refused(
      Step step, int code, String words, String shown, MailAddress from, MailAddress to) {
    var reason = new Reason("smtp_" + code, shown);
    // what isn't SMTP at all comes as a 500 without a code in its words, or with a code of no class
    boolean spoken = words.startsWith(Integer.toString(code)) && code < CODES_END;
    List<EnhancedStatus> statuses = EnhancedStatus.in(words);
    if (!spoken || OURS.contains(code) || !aboutTheMail(step, code, statuses)) {
      return new SmtpReply.Deferred(reason, SmtpReply.Trouble.SERVER_AWAY);
    }
    boolean forGood = code >= 500;
    Instant now = clock.instant();
    Streak streak = streaks.computeIfAbsent(from.address(), _ -> new Streak(now));
    streak.count(to, forGood);
    if (streak.isNoAccident(now)) {
      // whom it refuses, it refuses for this sender's sake where it takes another's mails
      if (tookAnotherSenders(from, now)) {
        return new SmtpReply.Deferred(reason, SmtpReply.Trouble.MAIL);
      }
      return new SmtpReply.Deferred(reason, SmtpReply.Trouble.SERVER_REFUSES);
    }
    return forGood && aboutTheRecipient(step, code, statuses, from, to, now)
        ? new SmtpReply.Refused(reason)
        : new SmtpReply.Deferred(reason, SmtpReply.Trouble.MAIL);
  }

  /// Before the recipient is named, the only thing about a mail that can be refused is its size.
  private static boolean aboutTheMail(Step step, int code, List<EnhancedStatus> statuses) {
    return switch (step) {
      case SESSION -> false;
      case SENDER -> code == TOO_LARGE || statuses.stream().anyMatch(EnhancedStatus::tooLarge);
      case RECIPIENT, DATA -> true;
    };
  }

  private boolean aboutTheRecipient(
      Step step,
      int code,
      List<EnhancedStatus> statuses,
      MailAddress from,
      MailAddress to,
      Instant now) {
    return switch (step) {
      case SESSION, SENDER -> false;
      case RECIPIENT, DATA -> {
        if (statuses.isEmpty()) {
          yield step == Step.RECIPIENT && BARE.contains(code) && tookAnothers(from, to, now);
        }
        // one that says something else as well is not sure itself
        yield statuses.stream()
            .allMatch(status ->
                status.aboutTheRecipient()
                    || (status.aboutSomeAddress() && tookAnothers(from, to, now)));
      }
    };
  }

  private boolean tookAnothers(MailAddress from, MailAddress to, Instant now) {
    Evidence evidence = bySender.get(from.address());
    return evidence != null && evidence.ofAnother(to, now);
  }

  private static boolean isLatelyAnothers(@Nullable Taken taken, MailAddress to, Instant now) {
    return taken != null
        && !taken.address().equals(to.address())
        && now.isBefore(taken.at().plus(LATELY));
  }

  private boolean tookAnotherSenders(MailAddress from, Instant now) {
    return tookOf.entrySet().stream()
        .anyMatch(taken ->
            !taken.getKey().equals(from.address()) && now.isBefore(taken.getValue().plus(LATELY)));
  }
}
