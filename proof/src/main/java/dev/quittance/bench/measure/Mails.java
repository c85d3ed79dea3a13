package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.testkit.BareMail;
import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.MailSink;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import dev.quittance.testkit.StackFault;
import java.time.Duration;
import java.util.TreeMap;

/// Receipts from rows that are due to mails that are accepted, beside bare SMTP dialogues of the
/// same bytes to the same server over as many connections.
final class Mails implements Measurement {

  /// The pool of the service.
  private static final int CONNECTIONS = 16;

  private static final Duration PATIENCE = Duration.ofMinutes(4);

  /// All of them once more, as if they had never been sent.
  private static final String DUE_AGAIN =
      """
      UPDATE mails
         SET status = 'due', number = NULL, attempts = 0, since = now(), next_attempt_at = now(),
             message_id = NULL, sent_at = NULL
       WHERE status = 'sent'
      """;

  @Override
  public String name() {
    return "mails";
  }

  @Override
  public String what() {
    return "receipts sent a second, beside bare SMTP dialogues";
  }

  @Override
  public void measure(Run run) throws Exception {
    half(run, false, run.amount(4_000, 1_000));
    half(run, true, run.amount(2_000, 400));
  }

  private static void half(Run run, boolean pdf, int count) throws Exception {
    Canonical canonical = run.canonical();
    String of = pdf ? "mails.pdf" : "mails.plain";
    try (BenchStack stage = run.stage(of);
        var broker = new Broker(stage.kafka());
        var sink = new MailSink()) {
      var environment = new TreeMap<>(EndToEnd.mailTo(sink));
      environment.put("QUITTANCE_RECEIPTS_PDF", Boolean.toString(pdf));
      ServiceProcess service = stage.start(Service.RECEIPTS, environment);
      try (var database = new Database(stage.database("receipts"))) {
        run.say((pdf ? "PDF on" : "PDF off") + ", warming up");
        broker.fill(canonical, "mails", 0, count);
        awaitMails(sink, count);
        bare(sink, count);
        var rounds = new Rounds(run);
        for (int round = 0; round <= run.rounds(); round++) {
          run.say(
              (pdf ? "PDF on" : "PDF off")
                  + (round == 0 ? ", warming up" : ", round " + round + " of " + run.rounds()));
          Rounds.Body body = now -> round(of, count, service, database, sink, now);
          if (round == 0) {
            body.run((_, _, _) -> {});
          } else {
            rounds.make(body);
          }
        }
        rounds.keep();
        figures(run, pdf, of, rounds, sink.newest().length);
        run.tell(
            of + ".memory",
            "receipts, resident under load, PDF " + (pdf ? "on" : "off"),
            ProcessCost.residentMb(service.pid()),
            "MB",
            "after %,d mails".formatted((run.rounds() + 2) * count));
      }
    }
  }

  private static void round(
      String of,
      int count,
      ServiceProcess service,
      Database database,
      MailSink sink,
      Rounds.Taker now)
      throws Exception {
    awaitSettled(database);
    service.pause();
    database.run(DUE_AGAIN);
    long wanted = sink.count() + count;
    long cpu = ProcessCost.cpuMicros(service.pid());
    long start = System.nanoTime();
    service.resume();
    awaitMails(sink, wanted);
    now.value(of + ".rate", "mails/s", count / ((System.nanoTime() - start) / 1e9));
    now.value(
        of + ".cpu", "µs/mail", (double) (ProcessCost.cpuMicros(service.pid()) - cpu) / count);
    if (sink.count() != wanted) {
      throw new IllegalStateException("mails were sent twice");
    }
    now.value(of + ".reference.rate", "mails/s", bare(sink, count));
  }

  private static double bare(MailSink sink, int count) throws Exception {
    long start = System.nanoTime();
    BareMail.send(sink.port(), CONNECTIONS, count, sink.newest());
    return count / ((System.nanoTime() - start) / 1e9);
  }

  /// The last mails are accepted a moment before the rows say so.
  private static void awaitSettled(Database database) {
    Deadline.in(PATIENCE)
        .await(
            () -> database.one("SELECT count(*) FROM mails WHERE status <> 'sent'") == 0,
            () -> {
              throw new StackFault("Not all receipts were marked as sent");
            });
    database.awaitPublished();
  }

  private static void awaitMails(MailSink sink, long wanted) {
    Deadline.in(PATIENCE)
        .await(
            () -> sink.count() >= wanted,
            () -> {
              throw new StackFault("Only %d of %d mails came".formatted(sink.count(), wanted));
            });
  }

  private static void figures(Run run, boolean pdf, String of, Rounds rounds, int bytes) {
    String how = pdf ? ", PDF on" : ", PDF off";
    double rate = rounds.median(of + ".rate");
    double ratio = rounds.ratio(of + ".rate", of + ".reference.rate");
    String remark =
        "%,.0f against %,.0f mails/s of %,d bytes, %s"
            .formatted(
                rate, rounds.median(of + ".reference.rate"), bytes, rounds.remark(of + ".rate"));
    String cost = "%.0f µs of the service's CPU a mail".formatted(rounds.median(of + ".cpu"));
    if (pdf) {
      run.tell(of + ".ratio", "receipts × bare SMTP dialogues" + how, ratio, "", remark);
      run.tell(of + ".rate", "receipts" + how, rate, "mails/s", cost);
    } else {
      run.judge(
          of + ".ratio",
          "receipts × bare SMTP dialogues" + how,
          ratio,
          Goal.atLeast(0.15, ""),
          remark);
      run.judge(of + ".rate", "receipts" + how, rate, Goal.atLeast(1_000, "mails/s"), cost);
    }
  }
}
