package dev.quittance.receipts;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quittance.contracts.WireFormat;
import dev.quittance.receipts.actions.CorrectReceipts;
import dev.quittance.receipts.actions.ResendMail;
import dev.quittance.receipts.actions.ResendUndeliverable;
import dev.quittance.receipts.intake.CustomerNoticeIntake;
import dev.quittance.receipts.intake.PaymentIntake;
import dev.quittance.receipts.intake.ReplanReceipts;
import dev.quittance.receipts.mail.MailDispatcher;
import dev.quittance.receipts.mail.MailTransport;
import dev.quittance.receipts.mail.RetrySchedule;
import dev.quittance.receipts.mail.SendMails;
import dev.quittance.receipts.mail.SmtpProbe;
import dev.quittance.receipts.mail.SmtpServer;
import dev.quittance.receipts.mail.SmtpTransport;
import dev.quittance.receipts.mail.TestMail;
import dev.quittance.receipts.persistence.CustomerViews;
import dev.quittance.receipts.persistence.Database;
import dev.quittance.receipts.persistence.MailOutages;
import dev.quittance.receipts.persistence.MailQueue;
import dev.quittance.receipts.persistence.OrderBatches;
import dev.quittance.receipts.persistence.Sendings;
import dev.quittance.receipts.render.Renderer;
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
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;

/// Puts the service together.
@ApplicationScoped
class ReceiptBeans {

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
  MerchantSettings merchants(ReceiptSettings settings) {
    return new MerchantSettings(settings, mailer().from());
  }

  @Produces
  @Singleton
  Database database(AgroalDataSource source) {
    return new Database(source);
  }

  @Produces
  @Singleton
  MailQueue mailQueue(AgroalDataSource database, ReceiptSettings settings, Clock clock) {
    Duration lease = settings.mail().lease();
    if (lease.compareTo(LEASE_MIN) < 0) {
      throw new IllegalArgumentException(
          "Set quittance.receipts.mail.lease to 15 s or more: a lease that runs out while its"
              + " holder collects garbage has one letter sent by two.");
    }
    return new MailQueue(database, settings.zone(), lease, clock);
  }

  @Produces
  @Singleton
  ResendMail resendMail(Database database, Clock clock) {
    return new ResendMail(database, clock);
  }

  @Produces
  @Singleton
  ResendUndeliverable resendUndeliverable(Database database, Clock clock) {
    return new ResendUndeliverable(database, clock);
  }

  @Produces
  @Singleton
  CorrectReceipts correctReceipts(Database database, Clock clock) {
    return new CorrectReceipts(database, clock);
  }

  @Produces
  @Singleton
  Sendings sendings(Database database) {
    return new Sendings(database);
  }

  @Produces
  @Singleton
  CustomerViews customerViews(Database database) {
    return new CustomerViews(database);
  }

  @Produces
  @Singleton
  PaymentIntake payments(MerchantSettings shops, MailDispatcher mailRoom, Clock clock) {
    return new PaymentIntake(shops, clock, mailRoom);
  }

  @Produces
  @Singleton
  CustomerNoticeIntake notices(MerchantSettings merchants, MailDispatcher dispatcher, Clock clock) {
    return new CustomerNoticeIntake(merchants, clock, dispatcher);
  }

  @Produces
  @Singleton
  OrderBatches.Walk replanReceipts(
      Database database, MerchantSettings merchants, MailDispatcher dispatcher, Clock clock) {
    return new ReplanReceipts(new OrderBatches(database), merchants, clock, dispatcher::wake);
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
  MailTransport transport(
      @Identifier("receipts") MailClient client,
      Vertx vertx,
      ReceiptSettings settings,
      Clock clock) {
    return new SmtpTransport(client, vertx.getOrCreateContext(), settings.mail().deadline(), clock);
  }

  @Produces
  @Singleton
  TestMail testMail(
      @Identifier("receipts") MailClient client,
      Vertx vertx,
      MerchantSettings merchants,
      ReceiptSettings settings,
      Clock clock) {
    // what becomes of a test says nothing of customers: its memory is its own
    var transport =
        new SmtpTransport(client, vertx.getOrCreateContext(), settings.mail().deadline(), clock);
    MailerRuntimeConfig mailer = mailer();
    boolean tls = mailer.tls().orElse(mailer.tlsConfigurationName().isPresent());
    var probe =
        new SmtpProbe(
            mailer.host(),
            mailer.port().orElse(tls ? 465 : 25),
            tls,
            !mailer.startTLS().equalsIgnoreCase("DISABLED"),
            settings.mail().connectTimeout());
    return new TestMail(probe, transport, merchants, clock);
  }

  @Produces
  @Singleton
  MailDispatcher mailDispatcher(
      MailQueue queue,
      AgroalDataSource database,
      Renderer renderer,
      MerchantSettings merchants,
      MailTransport transport,
      ReceiptSettings settings,
      ReceiptMetrics metrics,
      Clock clock) {
    ReceiptSettings.Mail mail = settings.mail();
    var schedule =
        new RetrySchedule(mail.retryFirst(), mail.retryMost(), mail.giveUpAfter(), random);
    return new MailDispatcher(
        queue,
        new SendMails(renderer, merchants, transport, schedule, clock),
        new MailOutages(database),
        metrics,
        new MailDispatcher.Settings(
            mailer().maxPoolSize(),
            mail.perMinute(),
            mail.lease(),
            mail.pauseFirst(),
            mail.pauseMost(),
            mail.pauseRefused()),
        clock);
  }

  void open(@Observes StartupEvent event, MailDispatcher dispatcher, ReceiptMetrics metrics) {
    metrics.measure();
    dispatcher.start();
  }

  void close(
      @Observes ShutdownEvent event,
      MailDispatcher dispatcher,
      @Identifier("receipts") MailClient client) {
    dispatcher.close();
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
