package dev.quittance.bench.measure;

import dev.quittance.bench.figure.Goal;
import dev.quittance.bench.figure.Samples;
import dev.quittance.bench.load.BrokerRequests;
import dev.quittance.bench.load.Checkouts;
import dev.quittance.bench.load.LineItemsApi;
import dev.quittance.bench.load.ProcessCost;
import dev.quittance.testkit.DatabaseAddress;
import dev.quittance.testkit.MailSink;
import dev.quittance.testkit.RoundTrips;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.ServiceProcess;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/// What one payment costs where shops really are, from ten to a hundred a second: requests,
/// records, flushes, round trips and switches, which no machine blurs, and processor time and
/// waits, which it does. With the question for line items that a shop's payments need, and without
/// it.
final class Cost implements Measurement {

  private static final List<Integer> RATES = List.of(10, 25, 50, 100);

  /// Where the budgets are.
  private static final int ORDINARY = 25;

  private static final int BUSY = 100;
  private static final int COLD_MAILS = 50;

  private static final int WARM_PER_SECOND = 500;

  /// Its load is half of it on two cores; the rest is ten starts of everything, and waiting until
  /// what was sent has arrived, which takes the longer the slower the machine is.
  private static final int TIMES_ITS_LOAD = 2;

  /// PostgreSQL's processes tell what they did within a second; a relay's last look needs no more.
  private static final Duration SETTLED = Duration.ofMillis(1_500);

  /// What every checkout costs, in cents.
  private static final long TOTAL = 3_000;

  /// Whether the provider is asked for line items.
  private enum Questions {
    ASKED,
    NONE;

    String name(String figure) {
      return stage().replace('-', '.') + "." + figure;
    }

    String stage() {
      return this == ASKED ? "cost-asked" : "cost-plain";
    }

    String words() {
      return this == ASKED ? "with look-ups" : "without look-ups";
    }
  }

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public String what() {
    return "what a payment costs at 10 to 100 a second";
  }

  @Override
  public Duration timeMax(Run run) {
    int rates = RATES.size();
    Duration steady = atRate(run).multipliedBy(rates).plus(idle(run)).multipliedBy(run.rounds());
    Duration trips = warmTrips(run).plus(atRate(run).multipliedBy(rates));
    Duration cold = firstMinute(run).multipliedBy(2L * coldRounds(run));
    Duration load =
        warm(run).plus(steady).plus(trips).multipliedBy(Questions.values().length).plus(cold);
    Duration enough = load.multipliedBy(TIMES_ITS_LOAD);
    Duration usual = Measurement.super.timeMax(run);
    return enough.compareTo(usual) > 0 ? enough : usual;
  }

  private static Duration warm(Run run) {
    return run.seconds(30, 5);
  }

  private static Duration warmTrips(Run run) {
    return run.seconds(10, 5);
  }

  private static Duration atRate(Run run) {
    return run.seconds(20, 5);
  }

  private static Duration idle(Run run) {
    return run.seconds(20, 5);
  }

  private static Duration firstMinute(Run run) {
    return run.seconds(60, 10);
  }

  private static int coldRounds(Run run) {
    return run.amount(3, 1);
  }

  @Override
  public void measure(Run run) throws Exception {
    var rounds = new Rounds(run);
    Checkouts checkouts = run.checkouts(name());
    for (Questions questions : Questions.values()) {
      steady(run, rounds, checkouts, questions);
      roundTrips(run, rounds, checkouts, questions);
    }
    cold(run, rounds, checkouts, ORDINARY);
    cold(run, rounds, checkouts, COLD_MAILS);
    rounds.keep();
    for (Questions questions : Questions.values()) {
      figures(run, rounds, questions);
    }
    judge(run, rounds);
  }

  /// All rates in turn, round by round, in warm services.
  private void steady(Run run, Rounds rounds, Checkouts checkouts, Questions questions)
      throws Exception {
    String of = questions.words();
    try (var house = new House(run, checkouts, questions.stage(), questions, false)) {
      run.say("warming up, " + of);
      var _ = house.journey.go("warm", WARM_PER_SECOND, warm(run));
      house.settle();
      for (int round = 1; round <= run.rounds(); round++) {
        for (int rate : RATES) {
          run.say("round %d of %d, %d/s, %s".formatted(round, run.rounds(), rate, of));
          String name = "r" + round + "x" + rate;
          rounds.make(now -> {
            Spent before = house.spent();
            Journey.Arrived arrived = house.journey.go(name, rate, atRate(run));
            house.settle();
            String prefix = questions.name(Integer.toString(rate));
            arrived.tell(now, prefix);
            now.value(prefix + ".answer.p99", "ms", Samples.percentileMs(arrived.answers(), 0.99));
            house.spent().minus(before).tell(now, prefix, arrived.count());
          });
        }
        run.say("round %d of %d, idle, %s".formatted(round, run.rounds(), of));
        rounds.make(now -> house.idle(now, questions, idle(run)));
      }
    }
  }

  /// Counted apart, since who counts them stands in the way.
  private void roundTrips(Run run, Rounds rounds, Checkouts checkouts, Questions questions)
      throws Exception {
    run.say("warming up to count round trips, " + questions.words());
    try (var house = new House(run, checkouts, questions.stage() + "-trips", questions, true)) {
      var _ = house.journey.go("warm", BUSY, warmTrips(run));
      house.settle();
      for (int rate : RATES) {
        run.say("counting round trips at %d/s, %s".formatted(rate, questions.words()));
        long before = house.trips();
        Journey.Arrived arrived = house.journey.go("trips" + rate, rate, atRate(run));
        house.settle();
        long counted = house.trips() - before;
        rounds.make(now ->
            now.value(
                questions.name(rate + ".trips"), "/payment", (double) counted / arrived.count()));
      }
    }
  }

  /// The first minute after a start on kept classes.
  private void cold(Run run, Rounds rounds, Checkouts checkouts, int rate) throws Exception {
    for (int round = 1; round <= coldRounds(run); round++) {
      run.say("cold first minute at " + rate + "/s, round " + round);
      String of = "cold" + rate + "x" + round;
      rounds.make(now -> {
        try (var house = new House(run, checkouts, "cost-" + of, Questions.ASKED, false)) {
          Journey.Arrived arrived = house.journey.go(of, rate, firstMinute(run));
          String prefix = "cost.cold." + rate;
          arrived.tell(now, prefix);
          now.value(prefix + ".answer.p99", "ms", Samples.percentileMs(arrived.answers(), 0.99));
        }
      });
    }
  }

  private static void figures(Run run, Rounds rounds, Questions questions) {
    for (int rate : RATES) {
      String prefix = questions.name(Integer.toString(rate));
      String of = "a payment at %d/s, %s".formatted(rate, questions.words());
      tell(run, rounds, prefix + ".requests", of + ": broker requests", "");
      tell(run, rounds, prefix + ".records", of + ": records appended", "");
      tell(run, rounds, prefix + ".flushes", of + ": WAL flushes", "");
      tell(run, rounds, prefix + ".wal", of + ": WAL", "KB");
      tell(run, rounds, prefix + ".trips", of + ": SQL round trips", "");
      tell(run, rounds, prefix + ".switches", of + ": context switches", "");
      tell(run, rounds, prefix + ".cpu", of + ": CPU of all processes", "ms");
      for (String part : Spent.PARTS) {
        tell(run, rounds, prefix + ".cpu." + part, of + ": CPU of " + part, "ms");
      }
      tell(run, rounds, prefix + ".answer.p99", of + ": answer p99", "ms");
      for (String way : List.of("due", "mail")) {
        for (String share : List.of("p50", "p99")) {
          tell(run, rounds, prefix + "." + way + "." + share, of + ": " + way + " " + share, "ms");
        }
      }
    }
    tell(
        run, rounds, questions.name("idle.broker"), "idle, " + questions.words() + ": broker", "%");
    tell(
        run,
        rounds,
        questions.name("idle.transactions"),
        "idle, " + questions.words() + ": transactions",
        "/s");
  }

  private static void tell(Run run, Rounds rounds, String name, String what, String unit) {
    run.tell(name, what, rounds.median(name), unit, rounds.remark(name));
  }

  private static void judge(Run run, Rounds rounds) {
    budget(
        run, rounds, Questions.ASKED, ORDINARY, "requests", Goal.atMost(9, ""), "broker requests");
    budget(run, rounds, Questions.ASKED, ORDINARY, "flushes", Goal.atMost(3, ""), "WAL flushes");
    budget(run, rounds, Questions.ASKED, ORDINARY, "wal", Goal.atMost(12, "KB"), "WAL");
    budget(run, rounds, Questions.ASKED, ORDINARY, "trips", Goal.atMost(16, ""), "SQL round trips");
    budget(
        run,
        rounds,
        Questions.ASKED,
        ORDINARY,
        "switches",
        Goal.atMost(180, ""),
        "context switches");
    budget(run, rounds, Questions.ASKED, ORDINARY, "due.p50", Goal.atMost(14, "ms"), "due p50");
    budget(run, rounds, Questions.ASKED, ORDINARY, "due.p99", Goal.atMost(40, "ms"), "due p99");
    budget(run, rounds, Questions.ASKED, BUSY, "due.p50", Goal.atMost(18, "ms"), "due p50");
    budget(run, rounds, Questions.ASKED, BUSY, "due.p99", Goal.atMost(80, "ms"), "due p99");
    budget(run, rounds, Questions.NONE, ORDINARY, "due.p99", Goal.atMost(20, "ms"), "due p99");
    budget(run, rounds, Questions.NONE, BUSY, "due.p99", Goal.atMost(40, "ms"), "due p99");
    budget(run, rounds, Questions.NONE, ORDINARY, "mail.p50", Goal.atMost(12, "ms"), "mail p50");
    budget(run, rounds, Questions.NONE, ORDINARY, "mail.p99", Goal.atMost(25, "ms"), "mail p99");
    judge(
        run,
        rounds,
        Questions.ASKED.name("idle.cpu"),
        "idle: services and PostgreSQL, of one processor",
        Goal.atMost(2.5, "%"));
    judge(
        run,
        rounds,
        "cost.cold." + ORDINARY + ".answer.p99",
        "cold first minute at 25/s: answer p99",
        Goal.atMost(100, "ms"));
    judge(
        run,
        rounds,
        "cost.cold." + COLD_MAILS + ".mail.p50",
        "cold first minute at 50/s: mail p50",
        Goal.atMost(200, "ms"));
  }

  private static void budget(
      Run run,
      Rounds rounds,
      Questions questions,
      int rate,
      String figure,
      Goal goal,
      String words) {
    judge(
        run,
        rounds,
        questions.name(rate + "." + figure),
        "budget at %d/s, %s: %s".formatted(rate, questions.words(), words),
        goal);
  }

  private static void judge(Run run, Rounds rounds, String name, String what, Goal goal) {
    run.judge(name + ".budget", what, rounds.median(name), goal, rounds.remark(name));
  }

  /// What was spent up to a moment.
  ///
  /// @param requests of the broker, by kind, without those of the one who watches
  /// @param records on all topics, the broker's own among them
  /// @param cpu of each part, in microseconds
  private record Spent(
      Map<String, Long> requests,
      long records,
      Database.Work work,
      Map<String, Long> cpu,
      long switches) {

    private static final List<String> PARTS =
        List.of(
            Service.INGEST.module(),
            Service.FULFILLMENT.module(),
            Service.RECEIPTS.module(),
            "postgres",
            "broker");

    Spent minus(Spent before) {
      return new Spent(
          minus(requests, before.requests),
          records - before.records,
          work.minus(before.work),
          minus(cpu, before.cpu),
          switches - before.switches);
    }

    private static Map<String, Long> minus(Map<String, Long> now, Map<String, Long> before) {
      var rest = new TreeMap<String, Long>();
      now.forEach((name, value) -> rest.put(name, value - before.getOrDefault(name, 0L)));
      return rest;
    }

    long sum(Map<String, Long> values) {
      return values.values().stream().mapToLong(Long::longValue).sum();
    }

    void tell(Rounds.Taker now, String prefix, double payments) {
      now.value(prefix + ".requests", "/payment", sum(requests) / payments);
      requests.forEach((kind, count) -> {
        if (count > 0) {
          now.value(prefix + ".requests." + kind, "/payment", count / payments);
        }
      });
      now.value(prefix + ".records", "/payment", records / payments);
      now.value(prefix + ".flushes", "/payment", work.flushes() / payments);
      now.value(prefix + ".wal", "KB/payment", work.walBytes() / 1e3 / payments);
      now.value(prefix + ".wal.records", "/payment", work.walRecords() / payments);
      now.value(prefix + ".transactions", "/payment", work.transactions() / payments);
      now.value(prefix + ".switches", "/payment", switches / payments);
      now.value(prefix + ".cpu", "ms/payment", sum(cpu) / 1e3 / payments);
      cpu.forEach((part, micros) ->
          now.value(prefix + ".cpu." + part, "ms/payment", micros / 1e3 / payments));
    }
  }

  /// The three services with all that they need, and everything that counts.
  private static final class House implements AutoCloseable {
    private final BenchStack stage;
    private final MailSink sink = new MailSink();
    private final LineItemsApi api = new LineItemsApi(TOTAL, "usd");
    private final DueWatch watch;
    private final List<ServiceProcess> services;
    private final List<RoundTrips> trips;
    private final BrokerRequests requests;
    private final Admin admin;
    private final Database database;
    private final Journey journey;

    /// @param counted whether round trips are, and nothing else
    House(Run run, Checkouts checkouts, String name, Questions questions, boolean counted)
        throws SQLException {
      stage = run.stage(name);
      watch = new DueWatch(stage);
      var endpoint = new HashMap<>(checkouts.endpoint());
      if (questions == Questions.ASKED) {
        endpoint.putAll(api.environment());
      }
      DatabaseAddress fulfillment = stage.database("fulfillment");
      DatabaseAddress receipts = stage.database("receipts");
      trips =
          counted
              ? List.of(new RoundTrips(port(fulfillment)), new RoundTrips(port(receipts)))
              : List.of();
      var mail = new HashMap<>(EndToEnd.mailTo(sink));
      var orders = new HashMap<String, String>();
      if (counted) {
        orders.put("QUARKUS_DATASOURCE_JDBC_URL", through(fulfillment, trips.getFirst()));
        mail.put("QUARKUS_DATASOURCE_JDBC_URL", through(receipts, trips.getLast()));
      }
      ServiceProcess ingest = stage.launch(Service.INGEST, endpoint);
      services =
          List.of(
              ingest,
              stage.launch(Service.FULFILLMENT, orders),
              stage.launch(Service.RECEIPTS, mail));
      services.forEach(Probe::awaitReady);
      requests = new BrokerRequests(stage.kafka().pid());
      admin = stage.kafka().admin();
      database = new Database(fulfillment);
      journey = new Journey(checkouts, ingest, watch, sink);
    }

    private static int port(DatabaseAddress address) {
      return URI.create(address.jdbcUrl().substring("jdbc:".length())).getPort();
    }

    private static String through(DatabaseAddress address, RoundTrips counter) {
      return address.jdbcUrl().replace(":" + port(address) + "/", ":" + counter.port() + "/");
    }

    long trips() {
      return trips.stream().mapToLong(RoundTrips::count).sum();
    }

    /// Waits until what follows a payment is done, and until it is counted.
    void settle() throws InterruptedException {
      database.awaitPublished();
      Thread.sleep(SETTLED);
    }

    Spent spent() throws Exception {
      var asked = new TreeMap<>(requests.counts());
      asked.merge("Fetch", -watch.requests(), Long::sum);
      var cpu = new TreeMap<String, Long>();
      services.forEach(one -> cpu.put(one.name(), ProcessCost.cpuMicros(one.pid())));
      cpu.put("postgres", ProcessCost.cpuMicrosOfAll(stage.postgres().pid()));
      cpu.put("broker", ProcessCost.cpuMicros(stage.kafka().pid()));
      long switches =
          services.stream().mapToLong(one -> ProcessCost.switches(one.pid())).sum()
              + ProcessCost.switchesOfAll(stage.postgres().pid())
              + ProcessCost.switches(stage.kafka().pid());
      return new Spent(asked, records(), database.work(), cpu, switches);
    }

    /// How many records were ever written, to the broker's own topics as well.
    private long records() throws Exception {
      var topics = admin.listTopics(new ListTopicsOptions().listInternal(true)).names().get();
      Map<TopicPartition, OffsetSpec> ends =
          admin.describeTopics(topics).allTopicNames().get().values().stream()
              .flatMap(topic ->
                  topic.partitions().stream()
                      .map(one -> new TopicPartition(topic.name(), one.partition())))
              .collect(Collectors.toMap(one -> one, _ -> OffsetSpec.latest()));
      return admin.listOffsets(ends).all().get().values().stream()
          .mapToLong(offset -> offset.offset())
          .sum();
    }

    void idle(Rounds.Taker now, Questions questions, Duration time) throws Exception {
      Spent before = spent();
      Thread.sleep(time);
      Spent idle = spent().minus(before);
      long broker = idle.cpu().getOrDefault("broker", 0L);
      double micros = time.toMillis() * 1e3;
      now.value(questions.name("idle.cpu"), "%", 100 * (idle.sum(idle.cpu()) - broker) / micros);
      now.value(questions.name("idle.broker"), "%", 100 * broker / micros);
      now.value(
          questions.name("idle.transactions"),
          "/s",
          1e3 * idle.work().transactions() / time.toMillis());
      now.value(
          questions.name("idle.requests"), "/s", 1e3 * idle.sum(idle.requests()) / time.toMillis());
    }

    @Override
    public void close() throws SQLException {
      requests.close();
      admin.close();
      database.close();
      watch.close();
      stage.close();
      trips.forEach(RoundTrips::close);
      api.close();
      sink.close();
    }
  }
}
