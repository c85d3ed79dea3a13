package dev.quittance.ingest.webhook;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One request and its one answer. Everything here happens on the request's event loop.
final class WebhookExchange {

  /// Providers give up after 10 s; what takes longer to arrive has no reader for its answer.
  private static final Duration BODY_TIME_MAX = Duration.ofSeconds(10);

  /// Long enough for brokers to elect a leader, short against any provider's own schedule.
  private static final String RETRY_AFTER_SECONDS = "5";

  private static final Buffer NOTHING = Buffer.buffer(0);

  private static final long NO_TIMER = -1;

  private static final Logger LOG = Logger.getLogger(WebhookExchange.class);

  private final HttpServerRequest request;
  private final String endpoint;
  private final DeliveryLog log;
  private final UnverifiedBytes.Share held;
  private final long startedAt = System.nanoTime();

  /// Grows with what comes; a stated length is a stranger's word and reserves nothing.
  private Buffer body = NOTHING;

  private boolean answered;
  private boolean complete;

  /// Ends the waiting for a sender who has gone silent.
  private long timer = NO_TIMER;

  WebhookExchange(
      HttpServerRequest request, String endpoint, DeliveryLog log, UnverifiedBytes unverified) {
    this.request = request;
    this.endpoint = endpoint;
    this.log = log;
    this.held = unverified.share();
  }

  /// Answers without looking at the body.
  void refuse(DeliveryOutcome outcome) {
    // a sender that is still writing would wait for ever: what comes is taken and dropped
    request.handler(_ -> {});
    request.resume();
    answer(AnsweredDelivery.refused(outcome));
  }

  /// Reads the body within the limits and answers what becomes of it.
  void read(Function<byte[], CompletionStage<AnsweredDelivery>> taking) {
    if (statedLength() > WebhookRoute.BODY_BYTES_MAX) {
      refuse(DeliveryOutcome.BODY_TOO_LARGE);
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    Context eventLoop = Vertx.currentContext();
    request.handler(this::take);
    request.exceptionHandler(_ -> {
      answered = true;
      release(eventLoop);
    });
    request.endHandler(_ -> {
      complete = true;
      if (!answered) {
        stopTimer(eventLoop);
        hand(taking, eventLoop);
      }
    });
    request.resume();
    // most bodies are here by now, and a timer for each would cost as much as its signature
    eventLoop.runOnContext(_ -> {
      if (!answered && !complete) {
        timer = eventLoop.owner().setTimer(BODY_TIME_MAX.toMillis(), _ -> giveUp());
      }
    });
  }

  private void giveUp() {
    answer(AnsweredDelivery.refused(DeliveryOutcome.BODY_TOO_SLOW));
  }

  private long statedLength() {
    @Nullable String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException _) {
      // the server has refused what isn't a number; more digits than a long has are too many
      return Long.MAX_VALUE;
    }
  }

  private void take(Buffer chunk) {
    if (answered) {
      return;
    }
    if (body.length() + chunk.length() > WebhookRoute.BODY_BYTES_MAX) {
      answer(AnsweredDelivery.refused(DeliveryOutcome.BODY_TOO_LARGE));
    } else if (!held.covers(body.length() + chunk.length())) {
      answer(AnsweredDelivery.refused(DeliveryOutcome.OVERLOADED));
    } else {
      // mostly it comes in one piece, which is ours
      body = body.length() == 0 ? chunk : body.appendBuffer(chunk);
    }
  }

  private void hand(Function<byte[], CompletionStage<AnsweredDelivery>> taking, Context eventLoop) {
    try {
      taking
          .apply(body.getBytes())
          .whenComplete((received, fault) ->
              eventLoop.runOnContext(_ -> {
                if (fault == null) {
                  answer(received);
                } else {
                  defect(fault);
                }
              }));
    } catch (RuntimeException e) {
      defect(e);
    } finally {
      // verified by now; what is on its way to the brokers counts there
      held.release();
    }
  }

  private void defect(Throwable fault) {
    LOG.error("webhook.defect", fault);
    answer(AnsweredDelivery.refused(DeliveryOutcome.DEFECT));
  }

  private void answer(AnsweredDelivery received) {
    if (answered) {
      return;
    }
    answered = true;
    release(Vertx.currentContext());
    log.answered(endpoint, received, body.length(), elapsed());
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    DeliveryOutcome outcome = received.outcome();
    response.setStatusCode(outcome.status());
    switch (outcome) {
      case ACCEPTED -> {
        response.end();
        return;
      }
      case METHOD_NOT_ALLOWED -> response.putHeader(HttpHeaders.ALLOW, "POST");
      case OVERLOADED, NO_KEY_YET, OVERFLOW, NO_ACK, REFUSED, DEFECT ->
          response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
      case BODY_TOO_LARGE, BODY_TOO_SLOW ->
          response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      case DECLINED,
          SIGNATURE_MISSING,
          SIGNATURE_MALFORMED,
          SIGNATURE_STALE,
          SIGNATURE_EARLY,
          SIGNATURE_WRONG,
          UNKNOWN_ENDPOINT,
          HEADERS_TOO_LARGE -> {
        // the problem details say it all
      }
    }
    var _ =
        response
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
            .end(outcome.problem())
            .onComplete(_ -> {
              if (outcome == DeliveryOutcome.BODY_TOO_SLOW) {
                // announced, and nothing else would do it before the connection's own deadline
                request.connection().close();
              }
            });
  }

  private void release(Context eventLoop) {
    stopTimer(eventLoop);
    held.release();
  }

  private void stopTimer(Context eventLoop) {
    if (timer != NO_TIMER) {
      eventLoop.owner().cancelTimer(timer);
      timer = NO_TIMER;
    }
  }

  private long elapsed() {
    return System.nanoTime() - startedAt;
  }
}
