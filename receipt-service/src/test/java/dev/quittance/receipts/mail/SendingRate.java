package dev.quittance.receipts.mail;

import com.sun.management.OperatingSystemMXBean;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.intake.IncomingEvent;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.persistence.MailOutages;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.receipt.MailOutcome;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.testkit.BareMail;
import dev.quittance.testkit.MailSink;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// How fast receipts are sent: from rows that are due to rows that say `sent`, over a real database
/// and real sockets; beside it, bare SMTP dialogues of the same bytes to the same server over the
/// same number of connections. The kinds take turns, so that a busy machine is busy for all of
/// them.
public final class SendingRate {

  private static final int CONNECTIONS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int BATCH = 500;

  /// One way of sending.
  ///
  /// @param perSecond mails, the median of all rounds
  /// @param barePerSecond bare dialogues of the same bytes, the median of all rounds
  /// @param letterMicros of processor time of this process for a mail, the median of all rounds:
  ///   the sender and the server
  /// @param bareMicros the same for a bare dialogue
  /// @param letterBytes of one mail on the wire
  public record Figure(
      double perSecond,
      double barePerSecond,
      double letterMicros,
      double bareMicros,
      int letterBytes) {

    /// Of the bare rate.
    public double ratio() {
      return perSecond / barePerSecond;
    }
  }

  /// What was measured.
  ///
  /// @param heapMb the most that was in use after a garbage collection, server and database client
  ///   included
  public record Figures(int mails, int rounds, Figure withoutPdf, Figure withPdf, long heapMb) {

    @Override
    public String toString() {
      return """
      %d mails a round, %d rounds, %d connections, medians
      | | mails/s | bare dialogues/s | ratio | processor a mail | processor a bare dialogue | bytes a mail |
      |---|---|---|---|---|---|---|
      | PDF off | %.0f | %.0f | %.2f | %.0f µs | %.0f µs | %d |
      | PDF on | %.0f | %.0f | %.2f | %.0f µs | %.0f µs | %d |
      heap in use after collections: %d MB at most
      """
          .formatted(
              mails,
              rounds,
              CONNECTIONS,
              withoutPdf.perSecond,
              withoutPdf.barePerSecond,
              withoutPdf.ratio(),
              withoutPdf.letterMicros,
              withoutPdf.bareMicros,
              withoutPdf.letterBytes,
              withPdf.perSecond,
              withPdf.barePerSecond,
              withPdf.ratio(),
              withPdf.letterMicros,
              withPdf.bareMicros,
              withPdf.letterBytes,
              heapMb);
    }
  }

  private final TestDatabase database = TestDatabase.create();
  private final Renderer renderer = new Renderer();
  private final Clock clock = Clock.systemUTC();

  private SendingRate() {}

  /// Measures.
  ///
  /// @param mails a round
  /// @param rounds that count; one more goes before them to warm up
  public static Figures measure(int mails, int rounds) {
    return new SendingRate().run(mails, rounds);
  }

  private Figures run(int mails, int rounds) {
    var without = new ArrayList<Pass>();
    var with = new ArrayList<Pass>();
    var bareWithout = new ArrayList<Pass>();
    var bareWith = new ArrayList<Pass>();
    byte[] plain = {};
    byte[] enclosed = {};
    Vertx vertx = Vertx.vertx();
    try (var smtp = new MailSink()) {
      for (int round = 0; round <= rounds; round++) {
        Pass one = send(vertx, smtp, mails, false);
        plain = smtp.newest();
        Pass two = bare(smtp, mails, plain);
        Pass three = send(vertx, smtp, mails, true);
        enclosed = smtp.newest();
        Pass four = bare(smtp, mails, enclosed);
        if (round > 0) {
          without.add(one);
          bareWithout.add(two);
          with.add(three);
          bareWith.add(four);
        }
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    return new Figures(
        mails,
        rounds,
        figure(without, bareWithout, plain.length),
        figure(with, bareWith, enclosed.length),
        heapMb());
  }

  private static Figure figure(List<Pass> mails, List<Pass> bare, int letterBytes) {
    return new Figure(
        median(mails, Pass::perSecond),
        median(bare, Pass::perSecond),
        median(mails, Pass::micros),
        median(bare, Pass::micros),
        letterBytes);
  }

  /// One round of one kind.
  ///
  /// @param micros of processor time for one
  private record Pass(double perSecond, double micros) {

    static Pass since(long start, long processor, int mails) {
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Pass(mails / seconds, (processorNanos() - processor) / 1e3 / mails);
    }
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// Mails from due to sent.
  private Pass send(Vertx vertx, MailSink smtp, int mails, boolean pdf) {
    database.empty();
    var shop = new TestShop(pdf);
    fill(mails, shop);
    long before = smtp.count();
    MailClient client = MailClient.create(vertx, config(smtp.port()));
    var observer = new Settled();
    var transport =
        new SmtpTransport(client, vertx.getOrCreateContext(), Duration.ofMinutes(1), clock);
    var schedule =
        new RetrySchedule(
            Duration.ofSeconds(10), Duration.ofHours(1), Duration.ofDays(3), new Random(1));
    var room =
        new MailDispatcher(
            new MailQueue(database.source(), ZoneOffset.UTC, Duration.ofSeconds(90), clock),
            new SendMails(renderer, shop, transport, schedule, clock),
            new MailOutages(database.source()),
            observer,
            new MailDispatcher.Settings(
                CONNECTIONS,
                0,
                Duration.ofSeconds(90),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMinutes(5)),
            clock);
    long processor = processorNanos();
    long start = System.nanoTime();
    room.start();
    Eventually.holds("all sent", PATIENCE, () -> observer.sent.get() == mails);
    var pass = Pass.since(start, processor, mails);
    room.close();
    client.close();
    if (smtp.count() - before != mails) {
      throw new AssertionError("mails were sent twice");
    }
    return pass;
  }

  private void fill(int mails, TestShop shop) {
    var intake = new PaymentIntake(shop, clock, () -> {});
    for (int from = 0; from < mails; from += BATCH) {
      List<IncomingEvent> received =
          IntStream.range(from, Math.min(mails, from + BATCH))
              .mapToObj(i -> paid(i))
              .map(fact -> intake.decode(TestShop.incoming(0, fact)))
              .toList();
      database.exchange(exchange -> intake.apply(exchange, received));
    }
  }

  private static PaymentFact paid(int i) {
    return Shop.order("pi_" + i).paidBy(i, 3000 + i, "c" + i + "@example.com");
  }

  private static MailConfig config(int port) {
    var config =
        new MailConfig()
            .setHostname("127.0.0.1")
            .setPort(port)
            .setKeepAlive(true)
            .setStarttls(StartTLSOptions.DISABLED)
            .setMaxPoolSize(CONNECTIONS)
            .setUserAgent("quittance");
    return SmtpServer.limit(config, Duration.ofSeconds(2), Duration.ofSeconds(10));
  }

  /// Dialogues that do nothing but send a mail that is ready.
  private static Pass bare(MailSink smtp, int mails, byte[] mail) {
    long processor = processorNanos();
    long start = System.nanoTime();
    try {
      BareMail.send(smtp.port(), CONNECTIONS, mails, mail);
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return Pass.since(start, processor, mails);
  }

  private static double median(List<Pass> passes, ToDoubleFunction<Pass> figure) {
    return passes.stream()
        .mapToDouble(figure)
        .sorted()
        .skip(passes.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  private static long heapMb() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
        bytes += pool.getCollectionUsage().getUsed();
      }
    }
    return bytes / 1_000_000;
  }

  private static final class Settled implements MailDispatchObserver {
    private final AtomicInteger sent = new AtomicInteger();

    @Override
    public void attempted(MailOutcome outcome) {
      if (outcome instanceof MailOutcome.Sent) {
        sent.incrementAndGet();
      }
    }

    @Override
    public void failing(String what, Throwable cause) {
      throw new AssertionError(what, cause);
    }
  }

  /// @param arguments mails a round, and rounds: 5000 and 5 where nothing is said
  public static void main(String... arguments) {
    int mails = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    System.out.print(measure(mails, rounds));
    System.exit(0);
  }
}
