package dev.quittance.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The customer's mail server, and what a customer finds in the mailbox.
final class Smtp {

  enum Answer {
    ACCEPTED,
    LATER,
    NEVER,
    /// The connection broke: perhaps before, perhaps after it took the mail.
    SILENCE
  }

  /// A mail that was taken.
  ///
  /// @param attempt tells one attempt from another
  record Mail(String receipt, String messageId, String number, String attempt) {}

  private final World world;
  private final List<Mail> mailbox = new ArrayList<>();
  private final Map<String, Integer> excuses = new HashMap<>();

  Smtp(World world) {
    this.world = world;
  }

  Answer send(Strand strand, Mail mail) {
    strand.step("connected to the mail server");
    if (world.mishap(12)) {
      return Answer.LATER;
    }
    if (world.mishap(60)) {
      return Answer.NEVER;
    }
    if (world.mishap(20)) {
      return Answer.SILENCE;
    }
    mailbox.add(mail);
    // until the sender has written down that it was taken, a repetition can't be told apart
    excuses.merge(mail.receipt(), 1, Integer::sum);
    strand.step("final dot answered");
    if (world.mishap(20)) {
      return Answer.SILENCE;
    }
    return Answer.ACCEPTED;
  }

  /// The sender has committed that the mail was taken: from here on nothing excuses another.
  void settled(String receipt) {
    excuses.merge(receipt, -1, Integer::sum);
  }

  List<Mail> mailbox() {
    return mailbox;
  }

  /// How many mails of a receipt were taken without the sender being able to write it down.
  int excused(String receipt) {
    return excuses.getOrDefault(receipt, 0);
  }
}
