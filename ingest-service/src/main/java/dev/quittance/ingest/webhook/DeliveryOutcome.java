package dev.quittance.ingest.webhook;

import dev.quittance.ingest.provider.Verdict;
import dev.quittance.ingest.publish.Publication;
import java.util.Locale;

/// What became of one delivery: the word that logs and metrics know, and the answer that the
/// provider gets.
enum DeliveryOutcome {
  ACCEPTED(200, "OK", ""),
  /// A question that the endpoint's policy answers with no.
  DECLINED(422, "Unprocessable Content", "The endpoint's policy declines this."),

  // one answer for all: which of them it was helps nobody but a forger
  SIGNATURE_MISSING(400, "Bad Request", DeliveryOutcome.NOT_SIGNED),
  SIGNATURE_MALFORMED(400, "Bad Request", DeliveryOutcome.NOT_SIGNED),
  SIGNATURE_STALE(400, "Bad Request", DeliveryOutcome.NOT_SIGNED),
  SIGNATURE_EARLY(400, "Bad Request", DeliveryOutcome.NOT_SIGNED),
  SIGNATURE_WRONG(400, "Bad Request", DeliveryOutcome.NOT_SIGNED),

  UNKNOWN_ENDPOINT(404, "Not Found", "There is no such endpoint."),
  METHOD_NOT_ALLOWED(405, "Method Not Allowed", "Webhooks are taken by POST."),
  BODY_TOO_SLOW(408, "Request Timeout", "The body did not arrive in time."),
  BODY_TOO_LARGE(413, "Content Too Large", "The body is larger than 262144 bytes."),
  HEADERS_TOO_LARGE(
      431, "Request Header Fields Too Large", "The headers are larger than 16384 bytes."),
  DEFECT(500, "Internal Server Error", "This is our fault. Send it again later."),

  /// More unverified bodies at the same time than there is memory for.
  OVERLOADED(503, "Service Unavailable", DeliveryOutcome.SEND_AGAIN),
  /// The key that it is to be checked with is being fetched.
  NO_KEY_YET(503, "Service Unavailable", DeliveryOutcome.SEND_AGAIN),
  OVERFLOW(503, "Service Unavailable", DeliveryOutcome.SEND_AGAIN),
  NO_ACK(503, "Service Unavailable", DeliveryOutcome.SEND_AGAIN),
  REFUSED(503, "Service Unavailable", DeliveryOutcome.SEND_AGAIN);

  private static final String NOT_SIGNED = "The delivery is not signed as it must be.";
  private static final String SEND_AGAIN = "The event could not be made safe. Send it again later.";

  private final int status;
  private final String title;
  private final String detail;
  private final String word;

  DeliveryOutcome(int status, String title, String detail) {
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.word = name().toLowerCase(Locale.ROOT);
  }

  static DeliveryOutcome of(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Genuine _, Verdict.Hint _ -> ACCEPTED;
      case Verdict.NoKeyYet _ -> NO_KEY_YET;
      case Verdict.Missing _ -> SIGNATURE_MISSING;
      case Verdict.Malformed _ -> SIGNATURE_MALFORMED;
      case Verdict.Stale _ -> SIGNATURE_STALE;
      case Verdict.Early _ -> SIGNATURE_EARLY;
      case Verdict.Wrong _ -> SIGNATURE_WRONG;
    };
  }

  static DeliveryOutcome of(Publication publication) {
    return switch (publication) {
      case Publication.Safe _ -> ACCEPTED;
      case Publication.NotSafe(var why) ->
          switch (why) {
            case OVERFLOW -> OVERFLOW;
            case NO_ACK -> NO_ACK;
            case REFUSED -> REFUSED;
          };
    };
  }

  int status() {
    return status;
  }

  /// As it stands in logs and metrics.
  String word() {
    return word;
  }

  /// The problem details (RFC 9457) of the answer: the same for everyone, so they say nothing of
  /// the delivery.
  String problem() {
    return "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\"}"
        .formatted(title, status, detail);
  }
}
