package dev.quittance.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quittance.contracts.ConsumerGroup;
import dev.quittance.contracts.LetterEvent;
import dev.quittance.contracts.WireFormat;
import dev.quittance.inboxoutbox.Backoff;
import dev.quittance.inboxoutbox.DeadLetters;
import dev.quittance.inboxoutbox.Intake;
import dev.quittance.inboxoutbox.OutboxRelay;
import dev.quittance.inboxoutbox.Pause;
import dev.quittance.receipts.intake.Heard;
import dev.quittance.receipts.intake.LetterIntake;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.intake.ReplanReceipts;
import dev.quittance.receipts.mail.CodeDesk;
import dev.quittance.receipts.mail.MailRoom;
import dev.quittance.receipts.mail.PostOffice;
import dev.quittance.receipts.mail.ReceiptDesk;
import dev.quittance.receipts.mail.RetrySchedule;
import dev.quittance.receipts.mail.SmtpPostOffice;
import dev.quittance.receipts.mail.SmtpProbe;
import dev.quittance.receipts.mail.SmtpServer;
import dev.quittance.receipts.mail.TestMail;
import dev.quittance.receipts.render.Renderer;
import dev.quittance.receipts.store.ByHand;
import dev.quittance.receipts.store.CodeActions;
import dev.quittance.receipts.store.CodeTable;
import dev.quittance.receipts.store.MailOutages;
import dev.quittance.receipts.store.OrderBatches;
import dev.quittance.receipts.store.Sendings;
import dev.quittance.receipts.store.UndeliverableMails;
import dev.quittance.receipts.store.WorkTable;
import dev.quittance.receipts.store.WrongReceipts;
import io.agroal.api.AgroalDataSource;
import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.mailer.runtime.Mailers;
import io.quarkus.mailer.runtime.MailersRuntimeConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.config.SmallRyeConfig;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.MailClient;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/// Puts the service together.
@ApplicationScoped
class Wiring {

  /// Nobody waits for being told that a receipt was sent: a second's worth of it goes at once.
  private static final Duration LOOK = Duration.ofSeconds(1);

  /// Longer than any pause of a healthy process.
  private static final Duration LEASE_MIN = Duration.ofSeconds(15);

  private final RandomGenerator random = new SecureRandom();

  @Produces
  @Singleton
  ObjectMapper json() {
    return WireFormat.mapper();
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Shops shops(ReceiptSettings settings) {
    return new Shops(settings, mailer().from());
  }

  @Produces
  @Singleton
  WorkTable workTable(AgroalDataSource database, ReceiptSettings settings, Clock clock) {
    return new WorkTable(database, settings.zone(), clock);
  }

  @Produces
  @Singleton
  CodeTable codeTable(AgroalDataSource database, Clock clock) {
    return new CodeTable(database, clock);
  }

  @Produces
  @Singleton
  ByHand byHand(AgroalDataSource database, Clock clock) {
    return new ByHand(database, clock);
  }

  @Produces
  @Singleton
  Sendings sendings(AgroalDataSource database) {
    return new Sendings(database);
  }

  @Produces
  @Singleton
  CodeActions codeActions(AgroalDataSource database, Clock clock) {
    return new CodeActions(database, clock);
  }

  @Produces
  @Singleton
  UndeliverableMails undeliverableMails(AgroalDataSource database, Clock clock) {
    return new UndeliverableMails(database, clock);
  }

  @Produces
  @Singleton
  WrongReceipts wrongReceipts(AgroalDataSource database, Clock clock) {
    return new WrongReceipts(database, clock);
  }

  @Produces
  @Singleton
  DeadLetters deadLetters(@Identifier("default-kafka-broker") Map<String, Object> kafka) {
    return DeadLetters.over(kafka);
  }

  void close(@Disposes DeadLetters deadLetters) {
    deadLetters.close();
  }

  @Produces
  @Singleton
  OutboxRelay relay(
      AgroalDataSource database,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      @ConfigProperty(name = "quittance.outbox.relays", defaultValue = "1") int relays,
      Watching watching) {
    return new OutboxRelay(
        "quittance-receipts",
        relays,
        database,
        kafka,
        LOOK,
        new Backoff(Pause.REAL, random),
        watching);
  }

  @Produces
  @Singleton
  Intake<Heard> intake(
      AgroalDataSource database,
      Shops shops,
      MailRoom mailRoom,
      DeadLetters deadLetters,
      Watching watching,
      Clock clock) {
    return new Intake<>(
        database,
        new PaymentIntake(shops, clock, mailRoom::wake),
        deadLetters,
        ConsumerGroup.RECEIPTS,
        watching,
        new Backoff(Pause.REAL, random),
        clock);
  }

  @Produces
  @Singleton
  OrderBatches.Walk replanReceipts(
      AgroalDataSource database, Shops shops, MailRoom mailRoom, Clock clock) {
    return new ReplanReceipts(new OrderBatches(database), shops, clock, mailRoom::wake);
  }

  @Produces
  @Singleton
  Intake<Optional<LetterEvent>> letters(
      AgroalDataSource database,
      Shops shops,
      MailRoom mailRoom,
      DeadLetters deadLetters,
      Watching watching,
      Clock clock) {
    return new Intake<>(
        database,
        new LetterIntake(shops, clock, mailRoom::wake),
        deadLetters,
        ConsumerGroup.RECEIPTS,
        watching,
        new Backoff(Pause.REAL, random),
        clock);
  }

  @Produces
  @Singleton
  Renderer renderer(ReceiptSettings settings) {
    return new Renderer(settings.pdfFont());
  }

  @Produces
  @Singleton
  @Identifier("receipts")
  MailClient mailClient(Vertx vertx, ReceiptSettings settings, TlsConfigurationRegistry tls) {
    return SmtpServer.open(
        vertx,
        mailer(),
        tls,
        settings.mail().connectTimeout(),
        settings.mail().replyTimeout(),
        settings.mail().plaintext());
  }

  @Produces
  @Singleton
  PostOffice postOffice(
      @Identifier("receipts") MailClient client,
      Vertx vertx,
      ReceiptSettings settings,
      Clock clock) {
    return new SmtpPostOffice(
        client, vertx.getOrCreateContext(), settings.mail().deadline(), clock);
  }

  @Produces
  @Singleton
  TestMail testMail(
      @Identifier("receipts") MailClient client,
      Vertx vertx,
      Shops shops,
      ReceiptSettings settings,
      Clock clock) {
    // what becomes of a test says nothing of customers: its memory is its own
    var postOffice =
        new SmtpPostOffice(client, vertx.getOrCreateContext(), settings.mail().deadline(), clock);
    MailerRuntimeConfig mailer = mailer();
    boolean tls = mailer.tls().orElse(mailer.tlsConfigurationName().isPresent());
    var probe =
        new SmtpProbe(
            mailer.host(),
            mailer.port().orElse(tls ? 465 : 25),
            tls,
            !mailer.startTLS().equalsIgnoreCase("DISABLED"),
            settings.mail().connectTimeout());
    return new TestMail(probe, postOffice, shops, clock);
  }

  @Produces
  @Singleton
  MailRoom mailRoom(
      WorkTable table,
      CodeTable codes,
      AgroalDataSource database,
      Renderer renderer,
      Shops shops,
      PostOffice postOffice,
      ReceiptSettings settings,
      Watching watching,
      Clock clock) {
    ReceiptSettings.Mail mail = settings.mail();
    if (mail.lease().compareTo(LEASE_MIN) < 0) {
      throw new IllegalArgumentException(
          "Set quittance.receipts.mail.lease to 15 s or more: a lease that runs out while its"
              + " holder collects garbage has one letter sent by two.");
    }
    var schedule =
        new RetrySchedule(mail.retryFirst(), mail.retryMost(), mail.giveUpAfter(), random);
    return new MailRoom(
        List.of(
            new CodeDesk(
                codes, renderer, shops, postOffice, schedule, watching, mail.lease(), clock),
            new ReceiptDesk(
                table, renderer, shops, postOffice, schedule, watching, mail.lease(), clock)),
        new MailOutages(database),
        watching,
        new MailRoom.Settings(
            mailer().maxPoolSize(),
            mail.perMinute(),
            mail.lease(),
            mail.pauseFirst(),
            mail.pauseMost(),
            mail.pauseRefused()),
        clock);
  }

  void open(@Observes StartupEvent event, OutboxRelay relay, MailRoom mailRoom, Watching watching) {
    watching.measure();
    relay.start();
    mailRoom.start();
  }

  void close(
      @Observes ShutdownEvent event,
      OutboxRelay relay,
      MailRoom mailRoom,
      @Identifier("receipts") MailClient client) {
    mailRoom.close();
    relay.close();
    client.close();
  }

  private static MailerRuntimeConfig mailer() {
    return Objects.requireNonNull(
        ConfigProvider.getConfig()
            .unwrap(SmallRyeConfig.class)
            .getConfigMapping(MailersRuntimeConfig.class)
            .mailers()
            .get(Mailers.DEFAULT_MAILER_NAME),
        "the default mailer is always configured");
  }
}
