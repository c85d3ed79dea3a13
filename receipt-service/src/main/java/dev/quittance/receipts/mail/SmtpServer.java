package dev.quittance.receipts.mail;

import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;

/// The mail server as `quarkus.mailer.*` describes it. The client is the one of the mailer
/// extension, opened here because the extension sets no time-out on silence: each connection to a
/// server that stops answering would be lost to the pool for ever.
public final class SmtpServer {

  private SmtpServer() {}

  /// Opens a pool of connections. The caller closes it.
  ///
  /// @param plaintext whether a server on another machine may be spoken to in the clear
  /// @throws IllegalArgumentException with a sentence for the user when it would be, and may not
  public static MailClient open(
      Vertx vertx,
      MailerRuntimeConfig settings,
      TlsConfigurationRegistry tls,
      Duration connectTimeout,
      Duration silence,
      boolean plaintext) {
    var config = new MailConfig();
    config.setHostname(settings.host());
    settings.port().ifPresent(config::setPort);
    settings.username().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    settings.authMethods().ifPresent(config::setAuthMethods);
    settings.ownHostName().ifPresent(config::setOwnHostname);
    config.setLogin(LoginOption.valueOf(settings.login().toUpperCase(Locale.ROOT)));
    config.setDisableEsmtp(settings.disableEsmtp());
    config.setPipelining(settings.pipelining());
    config.setMaxPoolSize(settings.maxPoolSize());
    config.setKeepAlive(settings.keepAlive());
    config.setKeepAliveTimeout((int) settings.keepAliveTimeout().toSeconds());
    config.setPoolCleanerPeriod((int) settings.poolCleanerPeriod().toMillis());
    settings.maxMailsPerConnection().ifPresent(config::setMaxMailsPerConnection);
    config.setUserAgent("quittance");
    config.setMetricsName("mail");
    limit(config, connectTimeout, silence);
    secure(config, settings, tls);
    StartTLSOptions wanted = StartTLSOptions.valueOf(settings.startTLS().toUpperCase(Locale.ROOT));
    config.setStarttls(startTls(settings.host(), config.isSsl(), wanted, plaintext));
    return MailClient.create(vertx, config);
  }

  /// Whoever sits on the way can take the offer of encryption out of a server's greeting, so that
  /// an optional one protects nobody: on the way to another machine it is required.
  static StartTLSOptions startTls(
      String host, boolean tlsFromTheStart, StartTLSOptions wanted, boolean plaintext) {
    if (tlsFromTheStart || plaintext || isLoopback(host) || wanted == StartTLSOptions.REQUIRED) {
      return wanted;
    }
    if (wanted == StartTLSOptions.DISABLED) {
      throw new IllegalArgumentException(
          "quarkus.mailer.start-tls=DISABLED would send receipts, and the login, to another machine"
              + " in the clear. Leave it out or set it to REQUIRED, or set"
              + " quittance.receipts.mail.plaintext=true if nobody else can listen on the way.");
    }
    return StartTLSOptions.REQUIRED;
  }

  /// By what is written: a name that resolves to this machine today may not tomorrow.
  private static boolean isLoopback(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// @param silence in whole seconds; less counts as one
  static MailConfig limit(MailConfig config, Duration connectTimeout, Duration silence) {
    config.setConnectTimeout((int) connectTimeout.toMillis());
    config.setIdleTimeout((int) Math.max(1, silence.toSeconds()));
    return config;
  }

  private static void secure(
      MailConfig config, MailerRuntimeConfig settings, TlsConfigurationRegistry registry) {
    if (settings.tlsConfigurationName().isEmpty()) {
      config.setSsl(settings.tls().orElse(false));
      config.setTrustAll(registry.getDefault().map(TlsConfiguration::isTrustAll).orElse(false));
      return;
    }
    TlsConfiguration tls =
        registry
            .get(settings.tlsConfigurationName().get())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "quarkus.mailer.tls-configuration-name names no TLS configuration"));
    config.setSsl(settings.tls().orElse(true));
    config.setTrustAll(tls.isTrustAll());
    if (tls.getTrustStoreOptions() != null) {
      config.setTrustOptions(tls.getTrustStoreOptions());
    }
    if (tls.getKeyStoreOptions() != null) {
      config.setKeyCertOptions(tls.getKeyStoreOptions());
    }
    // the client compares host and certificate by itself, unless an algorithm is set, whichever:
    // then
    // it doesn't at all
    tls.getHostnameVerificationAlgorithm()
        .filter("NONE"::equalsIgnoreCase)
        .ifPresent(config::setHostnameVerificationAlgorithm);
  }
}
