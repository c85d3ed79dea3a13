package dev.quittance.ingest.operator;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import dev.quittance.ingest.provider.Sample;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;

/// Delivers a signed sample to this service itself, over HTTP like a provider. Nothing follows from
/// it: its type is nobody's.
@Singleton
final class EndpointTester {

  static final String PATH = "/webhooks/";

  /// Twice what the endpoint takes to give up.
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  /// Long runs of what signatures are written in. Enough of one stays to compare it with another; a
  /// whole one would let a weak secret be guessed from a screenshot.
  private static final Pattern SIGNATURE =
      Pattern.compile("([A-Za-z0-9+/=]{8})[A-Za-z0-9+/=]{24,}");

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(ANSWER_MAX)
          .build();

  private final Clock clock;

  EndpointTester(Clock clock) {
    this.clock = clock;
  }

  /// What was sent, and what came back.
  record Trial(Sent request, Got answer) {}

  /// @param headers with their signatures shortened
  record Sent(String method, String path, Map<String, String> headers, String body) {}

  /// @param headers of them, those that a provider acts on
  record Got(int status, Map<String, String> headers, String body, double durationMs) {}

  /// @param host and port: of this very service, as the caller reached it
  /// @throws IOException when no answer came
  Trial run(Provider provider, Endpoint endpoint, String host, int port)
      throws IOException, InterruptedException {
    String nonce = UUID.randomUUID().toString().replace("-", "");
    Sample sample = provider.sample(endpoint, nonce, clock.instant());
    String path = PATH + endpoint.name();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    var request =
        HttpRequest.newBuilder(URI.create("http://" + literal + ":" + port + path))
            .timeout(ANSWER_MAX)
            .POST(BodyPublishers.ofByteArray(sample.body()));
    sample.headers().forEach(request::header);
    long startedAt = System.nanoTime();
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    double durationMs = (System.nanoTime() - startedAt) / 1e6;
    return new Trial(
        new Sent("POST", path, shortened(sample.headers()), new String(sample.body(), UTF_8)),
        new Got(answer.statusCode(), telling(answer), answer.body(), durationMs));
  }

  private static Map<String, String> shortened(Map<String, String> headers) {
    var shown = new TreeMap<String, String>();
    headers.forEach((name, value) -> shown.put(name, SIGNATURE.matcher(value).replaceAll("$1…")));
    return shown;
  }

  private static Map<String, String> telling(HttpResponse<?> answer) {
    var shown = new TreeMap<String, String>();
    for (String name : new String[] {"content-type", "retry-after", "allow"}) {
      answer.headers().firstValue(name).ifPresent(value -> shown.put(name, value));
    }
    return shown;
  }
}
