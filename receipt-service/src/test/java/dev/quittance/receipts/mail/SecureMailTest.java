package dev.quittance.receipts.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.quittance.receipts.Eventually;
import dev.quittance.receipts.TestShop;
import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.mailer.runtime.MailersRuntimeConfig;
import io.quarkus.tls.BaseTlsConfiguration;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.StartTLSOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Encryption and login, as they are configured, against a server that has both.
@Timeout(600)
class SecureMailTest {

  @TempDir
  @SuppressWarnings("NullAway.Init") // made before the first test
  private static Path folder;

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static Path ours;

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static Path anothers;

  @SuppressWarnings("NullAway.Init") // made before the first test
  private static Vertx vertx;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
    ours = SecureSmtp.keyStore(folder, "localhost");
    anothers = SecureSmtp.keyStore(folder, "mail.example.com");
  }

  @AfterAll
  static void shut() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static MailerRuntimeConfig settings(SecureSmtp smtp, String password) {
    Map<String, String> properties =
        new HashMap<>(
            Map.of(
                "quarkus.mailer.host", "localhost",
                "quarkus.mailer.port", Integer.toString(smtp.port()),
                "quarkus.mailer.start-tls", "REQUIRED",
                "quarkus.mailer.tls", "false",
                "quarkus.mailer.tls-configuration-name", "mail",
                "quarkus.mailer.login", "REQUIRED",
                "quarkus.mailer.username", SecureSmtp.USER,
                "quarkus.mailer.password", password));
    return Objects.requireNonNull(
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .addDiscoveredConverters()
            .withMapping(MailersRuntimeConfig.class)
            .withSources(new PropertiesConfigSource(properties, "test", 100))
            .build()
            .getConfigMapping(MailersRuntimeConfig.class)
            .mailers()
            .get("<default>"));
  }

  private static TlsConfigurationRegistry trusting(Path keyStore) {
    var tls =
        new BaseTlsConfiguration() {
          @Override
          public TrustOptions getTrustStoreOptions() {
            return new PfxOptions().setPath(keyStore.toString()).setPassword("changeit");
          }

          @Override
          public Optional<String> getHostnameVerificationAlgorithm() {
            return Optional.of("HTTPS");
          }

          @Override
          public String getName() {
            return "mail";
          }
        };
    return new TlsConfigurationRegistry() {
      @Override
      public Optional<TlsConfiguration> get(String name) {
        return Optional.of(tls);
      }

      @Override
      public Optional<TlsConfiguration> getDefault() {
        return Optional.empty();
      }

      @Override
      public void register(String name, TlsConfiguration configuration) {
        throw new UnsupportedOperationException();
      }
    };
  }

  private static SmtpReply post(SecureSmtp smtp, String password, Path trusted) {
    MailClient client =
        SmtpServer.open(
            vertx,
            settings(smtp, password),
            trusting(trusted),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            false);
    try {
      return new SmtpTransport(
              client, vertx.getOrCreateContext(), Duration.ofMinutes(1), Clock.systemUTC())
          .send(SmtpTransportTest.mail("jane@example.com"))
          .toCompletableFuture()
          .join();
    } finally {
      client.close();
    }
  }

  @Test
  void lettersAndPasswordsTravelEncrypted() {
    try (var smtp = SecureSmtp.start(ours, true)) {
      assertThat(post(smtp, SecureSmtp.PASSWORD, ours)).isEqualTo(new SmtpReply.Accepted());

      assertThat(smtp.received)
          .contains("plain STARTTLS", "tls AUTH", "tls DATA", "kept")
          .doesNotContain("plain AUTH", "plain DATA");
    }
  }

  @Test
  void serverWithoutEncryptionGetsNeitherLetterNorPasswordWhereItIsRequired() {
    try (var smtp = SecureSmtp.start(ours, false)) {
      ours(post(smtp, SecureSmtp.PASSWORD, ours));

      assertThat(smtp.received).doesNotContain("plain AUTH", "plain MAIL", "kept");
    }
  }

  @Test
  void certificateThatNobodyVouchesForGetsNeither() {
    try (var smtp = SecureSmtp.start(ours, true)) {
      ours(post(smtp, SecureSmtp.PASSWORD, anothers));

      assertThat(smtp.received).doesNotContain("tls AUTH", "plain AUTH", "kept");
    }
  }

  @Test
  void certificateOfAnotherHostGetsNeither() {
    try (var smtp = SecureSmtp.start(anothers, true)) {
      ours(post(smtp, SecureSmtp.PASSWORD, anothers));

      assertThat(smtp.received).doesNotContain("tls AUTH", "plain AUTH", "kept");
    }
  }

  @Test
  void wrongPasswordCondemnsNoMailAndIsRepeatedNowhere() {
    try (var smtp = SecureSmtp.start(ours, true)) {
      SmtpReply.Deferred deferred = ours(post(smtp, "wrong password", ours));

      assertThat(deferred.reason().code()).isEqualTo("smtp_535");
      assertThat(deferred.reason().message()).contains("Bad credentials");
      assertThat(deferred.toString())
          .doesNotContain("wrong password")
          .doesNotContain(SecureSmtp.PASSWORD);
      assertThat(smtp.received).contains("tls AUTH").doesNotContain("tls MAIL", "kept");
    }
  }

  /// Our own trouble, or the server's: the mail waits.
  private static SmtpReply.Deferred ours(SmtpReply reply) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            SmtpReply.Deferred.class, deferred -> assertThat(deferred.serverAway()).isTrue());
    return (SmtpReply.Deferred) reply;
  }

  @ParameterizedTest
  @CsvSource({
    // on this machine, as it is set
    "localhost, OPTIONAL, false, OPTIONAL",
    "127.0.0.1, DISABLED, false, DISABLED",
    "::1, OPTIONAL, false, OPTIONAL",
    // to another one: required, whatever the server offers
    "smtp.example.com, OPTIONAL, false, REQUIRED",
    "smtp.example.com, REQUIRED, false, REQUIRED",
    "10.0.0.7, OPTIONAL, false, REQUIRED",
    "localhost.example.com, OPTIONAL, false, REQUIRED",
    // unless somebody says that nobody listens
    "mailpit, OPTIONAL, true, OPTIONAL",
    "mailpit, DISABLED, true, DISABLED"
  })
  void encryptionIsRequiredOnTheWayToAnotherMachine(
      String host, StartTLSOptions wanted, boolean plaintext, StartTLSOptions expected) {
    assertThat(SmtpServer.startTls(host, false, wanted, plaintext)).isEqualTo(expected);
  }

  @Test
  void encryptionThatIsSwitchedOffIsRefusedOnTheWayToAnotherMachine() {
    assertThatThrownBy(
            () -> SmtpServer.startTls("smtp.example.com", false, StartTLSOptions.DISABLED, false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("quittance.receipts.mail.plaintext=true");
    assertThat(SmtpServer.startTls("smtp.example.com", true, StartTLSOptions.DISABLED, false))
        .isEqualTo(StartTLSOptions.DISABLED);
  }

  @Test
  void probeTellsOfTheEncryptionWithoutLoggingIn() {
    try (var smtp = SecureSmtp.start(anothers, true)) {
      SmtpProbe.Found found =
          new SmtpProbe("localhost", smtp.port(), false, true, Duration.ofMinutes(1)).ask();

      assertThat(found.greeting()).isEqualTo("220 secure ESMTP");
      assertThat(found.tls()).startsWith("TLSv1.");
      assertThat(found.capabilities()).containsExactly("AUTH PLAIN");
      assertThat(found.fault()).isNull();
      assertThat(smtp.received).doesNotContain("tls AUTH", "tls MAIL");
    }
  }

  @Test
  void testMailTellsHowItWent() {
    ScriptedSmtp smtp = ScriptedSmtp.start(ScriptedSmtp.accepting());
    MailClient client = SmtpTransportTest.client(vertx, smtp.port());
    var testMail =
        new TestMail(
            new SmtpProbe("127.0.0.1", smtp.port(), false, true, Duration.ofSeconds(30)),
            new SmtpTransport(
                client, vertx.getOrCreateContext(), Duration.ofMinutes(1), Clock.systemUTC()),
            new TestShop(),
            Clock.systemUTC());
    MailAddress to = MailAddress.parse("ops@example.com").orElseThrow();

    TestMail.Result sent = testMail.send(to, "stripe");
    smtp.script(
        ScriptedSmtp.at(ScriptedSmtp.Phase.RCPT, new ScriptedSmtp.Act.Say("550 unknown user")));
    TestMail.Result refused = testMail.send(to, "stripe");
    smtp.close();
    Eventually.holds("closed", () -> testMail.send(to, "stripe").fault() != null);
    TestMail.Result away = testMail.send(to, "stripe");
    client.close();

    assertThat(sent.accepted()).isTrue();
    assertThat(sent.server()).isEqualTo("220 scripted ESMTP");
    assertThat(sent.tls()).isNull();
    assertThat(smtp.kept().getFirst().header("Message-ID")).isEqualTo("<" + sent.messageId() + ">");
    assertThat(refused.accepted()).isFalse();
    assertThat(Objects.requireNonNull(refused.reason()).message()).isEqualTo("550 unknown user");
    assertThat(away.accepted()).isFalse();
    assertThat(away.fault()).isNotNull();
  }
}
