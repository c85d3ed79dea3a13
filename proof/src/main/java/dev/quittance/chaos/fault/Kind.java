package dev.quittance.chaos.fault;

import static dev.quittance.chaos.fault.Part.API;
import static dev.quittance.chaos.fault.Part.BROKER;
import static dev.quittance.chaos.fault.Part.DATABASE;
import static dev.quittance.chaos.fault.Part.FULFILLMENT;
import static dev.quittance.chaos.fault.Part.INGEST;
import static dev.quittance.chaos.fault.Part.MAIL;
import static dev.quittance.chaos.fault.Part.RECEIPTS;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// How something is broken.
public enum Kind {
  KILL("SIGKILL, started again after a while", INGEST, FULFILLMENT, RECEIPTS, BROKER, DATABASE),
  STOP("SIGSTOP, then SIGCONT", INGEST, FULFILLMENT, RECEIPTS, BROKER, DATABASE),
  TERM("SIGTERM, started again after a while", INGEST, FULFILLMENT, RECEIPTS, BROKER, DATABASE),
  KILL_SEVERAL("SIGKILL of two or three at once", INGEST, FULFILLMENT, RECEIPTS, BROKER, DATABASE),
  REBALANCE("a second instance comes and goes", INGEST, FULFILLMENT, RECEIPTS),
  ROLL(
      "one service after the other is replaced, as a rolling update does",
      INGEST,
      FULFILLMENT,
      RECEIPTS),
  CUT("connections cut and refused", BROKER, DATABASE, MAIL),
  SLOW("every chunk of bytes held back", BROKER, DATABASE, MAIL),
  HALF_OPEN("connections that swallow all and answer nothing", BROKER, DATABASE, MAIL),
  MAIL_AWAY("nobody listens", MAIL),
  MAIL_LATER("4xx at one command or another", MAIL),
  MAIL_REFUSES("5xx that is not about the letter", MAIL),
  MAIL_BOUNCES("550 for every other recipient", MAIL),
  MAIL_DENIES("5xx to everybody at the recipient or the letter, about us", MAIL),
  END_SESSION(
      "PostgreSQL ends the sessions in which its relays lead, again and again",
      FULFILLMENT,
      RECEIPTS),
  OVERTAKE(
      "stopped between a relay's look and its write while another leads", FULFILLMENT, RECEIPTS),
  NO_DATABASE("half open to PostgreSQL for it alone; the broker is there", FULFILLMENT, RECEIPTS),
  DISK_FULL("no room left on the device", BROKER, DATABASE),
  API_FAILS("the provider's API answers 429, 500 or nothing", API),
  API_HANGS("the provider's API takes all and answers nothing, longer than it is asked", API);

  /// What one fault of a kind does to several parts.
  public enum Reach {
    /// To one of them.
    ONE,
    /// To two or three at once.
    SEVERAL,
    /// To all of them, one after the other.
    ALL
  }

  private final String words;
  private final List<Part> parts;

  Kind(String words, Part... parts) {
    this.words = words;
    this.parts = List.of(parts);
  }

  /// What happens in an ordinary run. A full disk needs a disk that may be filled.
  public static Set<Kind> ordinary() {
    return EnumSet.complementOf(EnumSet.of(DISK_FULL));
  }

  /// What it is.
  public String words() {
    return words;
  }

  /// To how many of its parts one fault is done.
  public Reach reach() {
    return switch (this) {
      case KILL_SEVERAL -> Reach.SEVERAL;
      case ROLL -> Reach.ALL;
      default -> Reach.ONE;
    };
  }

  /// What it can be done to.
  public List<Part> parts() {
    return parts;
  }

  /// Its name in tables, histories and options.
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
