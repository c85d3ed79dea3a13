package dev.quittance.receipts.mail;

import com.sun.management.OperatingSystemMXBean;
import dev.quittance.contracts.PaymentFact;
import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.Shop;
import dev.quittance.receipts.TestDatabase;
import dev.quittance.receipts.TestShop;
import dev.quittance.receipts.intake.Heard;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.receipt.CodeOutcome;
import dev.quittance.receipts.receipt.Receipt;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.store.MailOutages;
import dev.quittance.receipts.store.WorkTable;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
  /// @param perSecond letters, the median of all rounds
  /// @param barePerSecond bare dialogues of the same bytes, the median of all rounds
  /// @param letterMicros of processor time of this process for a letter, the median of all rounds:
  ///   the sender and the server
  /// @param bareMicros the same for a bare dialogue
  /// @param letterBytes of one letter on the wire
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
  public record Figures(int letters, int rounds, Figure withoutPdf, Figure withPdf, long heapMb) {

    @Override
    public String toString() {
      return """
      %d letters a round, %d rounds, %d connections, medians
      | | letters/s | bare dialogues/s | ratio | processor a letter | processor a bare dialogue | bytes a letter |
      |---|---|---|---|---|---|---|
      | PDF off | %.0f | %.0f | %.2f | %.0f µs | %.0f µs | %d |
      | PDF on | %.0f | %.0f | %.2f | %.0f µs | %.0f µs | %d |
      heap in use after collections: %d MB at most
      """
          .formatted(
              letters,
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
  /// @param letters a round
  /// @param rounds that count; one more goes before them to warm up
  public static Figures measure(int letters, int rounds) {
    return new SendingRate().run(letters, rounds);
  }

  private Figures run(int letters, int rounds) {
    var without = new ArrayList<Pass>();
    var with = new ArrayList<Pass>();
    var bareWithout = new ArrayList<Pass>();
    var bareWith = new ArrayList<Pass>();
    byte[] plain = {};
    byte[] enclosed = {};
    Vertx vertx = Vertx.vertx();
    try (CountingSmtp smtp = CountingSmtp.start()) {
      for (int round = 0; round <= rounds; round++) {
        Pass one = send(vertx, smtp, letters, false);
        plain = smtp.newest();
        Pass two = bare(smtp, letters, plain);
        Pass three = send(vertx, smtp, letters, true);
        enclosed = smtp.newest();
        Pass four = bare(smtp, letters, enclosed);
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
        letters,
        rounds,
        figure(without, bareWithout, plain.length),
        figure(with, bareWith, enclosed.length),
        heapMb());
  }

  private static Figure figure(List<Pass> letters, List<Pass> bare, int letterBytes) {
    return new Figure(
        median(letters, Pass::perSecond),
        median(bare, Pass::perSecond),
        median(letters, Pass::micros),
        median(bare, Pass::micros),
        letterBytes);
  }

  /// One round of one kind.
  ///
  /// @param micros of processor time for one
  private record Pass(double perSecond, double micros) {

    static Pass since(long start, long processor, int letters) {
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Pass(letters / seconds, (processorNanos() - processor) / 1e3 / letters);
    }
  }

  private static long processorNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  /// Letters from due to sent.
  private Pass send(Vertx vertx, CountingSmtp smtp, int letters, boolean pdf) {
    database.run(
        "TRUNCATE orders, payment_facts, receipts, receipt_numbers, outbox, source_events CASCADE");
    var shop = new TestShop(pdf);
    fill(letters, shop);
    long before = smtp.count();
    MailClient client = MailClient.create(vertx, config(smtp.port()));
    var table = new WorkTable(database.source(), ZoneOffset.UTC, clock);
    var observer = new Settled();
    var room =
        new MailRoom(
            List.of(
                new ReceiptDesk(
                    table,
                    renderer,
                    shop,
                    new SmtpPostOffice(
                        client, vertx.getOrCreateContext(), Duration.ofMinutes(1), clock),
                    new RetrySchedule(
                        Duration.ofSeconds(10),
                        Duration.ofHours(1),
                        Duration.ofDays(3),
                        new Random(1)),
                    observer,
                    Duration.ofSeconds(90),
                    clock)),
            new MailOutages(database.source()),
            observer,
            new MailRoom.Settings(
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
    Eventually.holds("all sent", PATIENCE, () -> observer.sent.get() == letters);
    var pass = Pass.since(start, processor, letters);
    room.close();
    client.close();
    if (smtp.count() - before != letters) {
      throw new AssertionError("letters were sent twice");
    }
    return pass;
  }

  private void fill(int letters, TestShop shop) {
    var intake = new PaymentIntake(shop, clock, () -> {});
    for (int from = 0; from < letters; from += BATCH) {
      List<Heard> heard =
          IntStream.range(from, Math.min(letters, from + BATCH))
              .mapToObj(i -> paid(i))
              .map(fact -> intake.decode(TestShop.incoming(0, fact)))
              .toList();
      database.exchange(exchange -> intake.apply(exchange, heard));
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
  private static Pass bare(CountingSmtp smtp, int letters, byte[] mail) {
    var next = new AtomicInteger();
    long processor = processorNanos();
    long start = System.nanoTime();
    var threads =
        IntStream.range(0, CONNECTIONS)
            .mapToObj(
                _ -> Thread.ofVirtual().start(() -> dialogues(smtp.port(), letters, mail, next)))
            .toList();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return Pass.since(start, processor, letters);
  }

  private static void dialogues(int port, int letters, byte[] mail, AtomicInteger next) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      reply(in);
      ask(out, in, "EHLO bare");
      while (next.getAndIncrement() < letters) {
        ask(out, in, "MAIL FROM:<receipts@example.com>");
        ask(out, in, "RCPT TO:<jane@example.com>");
        ask(out, in, "DATA");
        out.write(mail);
        reply(in);
      }
      ask(out, in, "QUIT");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void ask(OutputStream out, InputStream in, String command) throws IOException {
    out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
    reply(in);
  }

  private static void reply(InputStream in) throws IOException {
    boolean more;
    do {
      int position = 0;
      more = false;
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server went away");
        }
        more |= position == 3 && c == '-';
        position++;
      }
    } while (more);
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

  private static final class Settled implements MailRoomObserver {
    private final AtomicInteger sent = new AtomicInteger();

    @Override
    public void attempted(Receipt receipt, Reply reply) {
      if (receipt instanceof Receipt.Sent) {
        sent.incrementAndGet();
      }
    }

    @Override
    public void attempted(CodeOutcome outcome) {}

    @Override
    public void failing(String what, Throwable cause) {
      throw new AssertionError(what, cause);
    }
  }

  /// @param arguments letters a round, and rounds: 5000 and 5 where nothing is said
  public static void main(String... arguments) {
    int letters = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5_000;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
    System.out.print(measure(letters, rounds));
    System.exit(0);
  }
}
