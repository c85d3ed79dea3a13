package dev.quittance.launcher;

import dev.quittance.testkit.Deadline;
import dev.quittance.testkit.StackFault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// Tries the way that a provider's webhooks take, from where they come in: by one that is signed as
/// the provider signs, and that means nothing.
///
/// @param url what is registered at the provider
/// @param secret what it signs with
record WebhookTrial(URI url, SecretExam secret, Clock clock) {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /// ingest-service looks at its secrets' files every five seconds.
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /// How it went.
  enum Result {
    ACCEPTED,
    /// What answers there doesn't know the secret.
    REFUSED,
    /// What answers there is no such endpoint.
    NO_ENDPOINT,
    /// The endpoint answers, and its brokers don't.
    NO_BROKERS,
    /// Something else answers there, or nothing does.
    NO_ANSWER;

    boolean good() {
      return this == ACCEPTED;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /// What is to be done.
    ///
    /// @param file where the secret stands
    Optional<String> advice(String endpoint, Path file) {
      return switch (this) {
        case ACCEPTED -> Optional.empty();
        case REFUSED ->
            Optional.of(
                "ingest-service doesn't know the secret yet: start with ./quittance up"
                    + " --stripe-secret %s, or on a cluster add it to what QUITTANCE_ENDPOINTS_%s_SECRETS_FILE names. Then give the same command again."
                        .formatted(file, endpoint.replace('-', '_').toUpperCase(Locale.ROOT)));
        case NO_ENDPOINT ->
            Optional.of(
                "What answers there knows no such endpoint: look at the path, and at what stands"
                    + " before ingest-service.");
        case NO_BROKERS ->
            Optional.of("ingest-service answers, and its brokers don't: ./quittance doctor.");
        case NO_ANSWER ->
            Optional.of(
                "ingest-service isn't reached by that address from here. Stripe may reach it all"
                    + " the same: look at the endpoint's deliveries in the Dashboard.");
      };
    }
  }

  /// Tries until it is accepted, or for so long.
  ///
  /// @param waiting is told once that it wasn't accepted at once
  Result until(Deadline end, Runnable waiting) {
    try (HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_MAX)
            .build()) {
      Result first = once(http);
      if (first.good() || end.passed()) {
        return first;
      }
      waiting.run();
      Result last = first;
      while (!last.good() && !end.passed()) {
        Thread.sleep(PAUSE);
        last = once(http);
      }
      return last;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackFault("Interrupted", e);
    }
  }

  private Result once(HttpClient http) throws InterruptedException {
    try {
      SecretExam.Signed signed = secret.signed(clock.instant());
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .timeout(ANSWER_MAX)
              .header("Content-Type", "application/json")
              .header(signed.header(), signed.signature())
              .POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()))
              .build();
      return switch (http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()) {
        case 200, 422 -> Result.ACCEPTED;
        case 400 -> Result.REFUSED;
        case 404 -> Result.NO_ENDPOINT;
        case 503 -> Result.NO_BROKERS;
        default -> Result.NO_ANSWER;
      };
    } catch (IOException _) {
      return Result.NO_ANSWER;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
