package dev.quittance.receipts.mail;

import io.quarkus.mailer.runtime.MailerRuntimeConfig;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailClient;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.time.Duration;
import java.util.Locale;

/// The mail server as `quarkus.mailer.*` describes it. The client is the one of the mailer
/// extension, opened here because the extension sets no time-out on silence: each connection to a
/// server that stops answering would be lost to the pool for ever.
public final class SmtpServer {

  private SmtpServer() {}

  /// Opens a pool of connections. The caller closes it.
  public static MailClient open(
      Vertx vertx,
      MailerRuntimeConfig settings,
      TlsConfigurationRegistry tls,
      Duration connectTimeout,
      Duration silence) {
    var config = new MailConfig();
    config.setHostname(settings.host());
    settings.port().ifPresent(config::setPort);
    settings.username().ifPresent(config::setUsername);
    settings.password().ifPresent(config::setPassword);
    settings.authMethods().ifPresent(config::setAuthMethods);
    settings.ownHostName().ifPresent(config::setOwnHostname);
    config.setLogin(LoginOption.valueOf(settings.login().toUpperCase(Locale.ROOT)));
    config.setStarttls(StartTLSOptions.valueOf(settings.startTLS().toUpperCase(Locale.ROOT)));
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
    return MailClient.create(vertx, config);
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
