package dev.quittance.bench.yardstick;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.quittance.bench.load.StripeSigner;
import dev.quittance.contracts.Topic;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Objects;
import org.apache.kafka.clients.producer.Producer;

/// Reference A: a webhook door of bare Vert.x and Kafka's client. Verifies Stripe's signature,
/// publishes, answers 200 after the acknowledgement, and does nothing else: no limits, metrics,
/// journal, traces or other providers. A yardstick, not a service.
public final class RawHandler extends AbstractVerticle {

  /// As Vert.x and Quarkus count their event loops.
  private static final int LOOPS_PER_CORE = 2;

  private static final long TOLERANCE_SECONDS = 300;

  private final int port;
  private final String secret;
  private final Producer<byte[], byte[]> producer;
  private final Clock clock;

  private RawHandler(int port, String secret, Producer<byte[], byte[]> producer, Clock clock) {
    this.port = port;
    this.secret = secret;
    this.producer = producer;
    this.clock = clock;
  }

  /// @param arguments port, brokers, and the endpoint's secret, which is this run's only
  public static void main(String... arguments) {
    Producer<byte[], byte[]> producer = VerbatimRecords.producer(arguments[1]);
    var _ = producer.partitionsFor(Topic.WEBHOOKS.topicName());
    Vertx vertx = Vertx.vertx();
    int loops = LOOPS_PER_CORE * Runtime.getRuntime().availableProcessors();
    vertx
        .deployVerticle(
            () ->
                new RawHandler(
                    Integer.parseInt(arguments[0]), arguments[2], producer, Clock.systemUTC()),
            new DeploymentOptions().setInstances(loops))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  @Override
  public void start(Promise<Void> started) {
    var signer = new StripeSigner(secret); // this event loop's own
    vertx
        .createHttpServer()
        .requestHandler(request -> take(request, signer))
        .listen(port, "127.0.0.1")
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private void take(HttpServerRequest request, StripeSigner signer) {
    Context loop = Objects.requireNonNull(Vertx.currentContext());
    request.bodyHandler(buffer -> {
      byte[] body = buffer.getBytes();
      if (!genuine(request.getHeader("stripe-signature"), body, signer)) {
        request.response().setStatusCode(400).end();
        return;
      }
      var outgoing =
          VerbatimRecords.of(VerbatimRecords.eventId(body), body, clock.instant().toString());
      var _ =
          producer.send(
              outgoing,
              (_, fault) ->
                  loop.runOnContext(
                      _ -> request.response().setStatusCode(fault == null ? 200 : 503).end()));
    });
  }

  private boolean genuine(String header, byte[] body, StripeSigner signer) {
    if (header == null || !header.startsWith("t=")) {
      return false;
    }
    int comma = header.indexOf(",v1=");
    if (comma < 0) {
      return false;
    }
    String seconds = header.substring(2, comma);
    byte[] given = header.substring(comma + 4).getBytes(US_ASCII);
    byte[] wanted = signer.code(seconds, body).getBytes(US_ASCII);
    return MessageDigest.isEqual(given, wanted)
        && Math.abs(clock.instant().getEpochSecond() - Long.parseLong(seconds))
            <= TOLERANCE_SECONDS;
  }
}
