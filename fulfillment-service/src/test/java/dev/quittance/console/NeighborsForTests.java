package dev.quittance.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quittance.fulfillment.order.Planted;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// ingest-service and receipt-service as their APIs are documented, in one small server that can be
/// away.
public final class NeighborsForTests implements QuarkusTestResourceLifecycleManager {

  private static final String RECEIPT =
      """
      {"id": "rc_1", "order": "any", "kind": "payment", "subject": "payment", "number": "SHOP-2026-7",
       "status": "sent", "to": "a…@example.com", "amount": {"minorUnits": 3000, "currency": "USD"},
       "attempts": 1, "sentAt": "2026-11-22T10:00:05Z", "sendings": 2}\
      """;

  private static final String LOST =
      """
      {"id": "rc_2", "order": "stripe:pi_lost", "kind": "refund", "subject": "re_1", "number": "SHOP-2026-8",
       "status": "undeliverable", "to": "t…@exmaple.com", "amount": {"minorUnits": 1000, "currency": "USD"},
       "attempts": 1, "sendings": 1, "reason": {"code": "recipient_refused", "message": "no such user typo@exmaple.com, %s"}}\
      """
          .formatted(Planted.PLANTED);

  private static final String CODES =
      """
      {"id": "cd_1", "order": "stripe:pi_codes", "delivery": "any", "status": "undeliverable", "to": "t…@exmaple.com", "attempts": 1,
       "codeKept": true, "reason": "recipient_refused"},
      {"id": "cd_2", "order": "stripe:pi_codes", "delivery": "any", "status": "sent", "to": "t…@exmaple.com", "attempts": 1,
       "sentAt": "2026-11-22T10:00:06Z", "codeKept": false}\
      """;

  private static final String SENDINGS =
      """
      [{"number": 1, "status": "undeliverable", "to": "o…@example.com", "attempts": 1},
       {"number": 2, "status": "sent", "to": "a…@example.com", "attempts": 1, "sentAt": "2026-11-22T11:00:05Z",
        "askedBy": "otto", "askedAt": "2026-11-22T11:00:00Z"}]\
      """;

  private static final String WRONG =
      """
      {"receipt": {"id": "rcp_wrongaaaaaaaaaaaaaaaaaaaaa", "order": "stripe:pi_wrong", "kind": "payment", "subject": "payment",
        "number": "SHOP-2026-9", "status": "sent", "to": "w…@example.com",
        "amount": {"minorUnits": 3000, "currency": "USD"}, "attempts": 1, "sentAt": "2026-11-22T10:00:05Z",
        "sendings": 1},
       "supported": {"minorUnits": 2500, "currency": "USD"}, "correctable": true}\
      """;

  private static final String ON_ITS_WAY =
      """
      {"receipt": {"id": "rcp_underwayaaaaaaaaaaaaaaaaaa", "order": "stripe:pi_wrong_too", "kind": "refund", "subject": "re_1",
        "number": "SHOP-2026-10", "status": "sent", "to": "w…@example.com",
        "amount": {"minorUnits": 1000, "currency": "USD"}, "attempts": 1, "sendings": 1},
       "supported": {"minorUnits": 0, "currency": "USD"}, "correctable": false}\
      """;

  private static final ConcurrentLinkedQueue<String> ASKED = new ConcurrentLinkedQueue<>();
  private static volatile boolean away;

  private @Nullable HttpServer server;

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", NeighborsForTests::serve);
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Map.of(
        "quittance.console.ingest-url", url,
        "quittance.console.ingest-token", "token-for-ingest",
        "quittance.console.receipts-url", url);
  }

  @Override
  public void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  /// Answers nobody from now on, or everybody again.
  static void away(boolean isAway) {
    away = isAway;
  }

  /// What was asked to be done: `POST /path key token body`.
  static List<String> asked() {
    return List.copyOf(ASKED);
  }

  private static void serve(HttpExchange exchange) throws IOException {
    if (away) {
      exchange.close();
      return;
    }
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (exchange.getRequestMethod().equals("POST")) {
      ASKED.add(
          "POST "
              + path
              + " "
              + exchange.getRequestHeaders().getFirst("Idempotency-Key")
              + " "
              + exchange.getRequestHeaders().getFirst("Authorization")
              + " "
              + body);
    }
    switch (path) {
      case "/readiness" -> answer(exchange, 200, "{\"status\": \"UP\"}");
      case "/endpoints" ->
          answer(
              exchange,
              200,
              """
              {"endpoints": [{"name": "stripe", "provider": "stripe", "account": "stripe", "mode": "any",
                "ordersFrom": "checkout", "path": "/webhooks/stripe", "secrets": 2, "publishedSecrets": true,
                "apiAccess": "no_key", "refunds": false},
               {"name": "stripe-eu", "provider": "stripe", "account": "stripe", "mode": "live",
                "ordersFrom": "checkout", "path": "/webhooks/stripe-eu", "secrets": 1, "publishedSecrets": false,
                "apiAccess": "key", "refunds": true, "only": ["metadata.shop=eu"]},
               {"name": "paysuper", "provider": "paysuper", "account": "paysuper", "mode": "live",
                "ordersFrom": "checkout", "path": "/webhooks/paysuper", "secrets": 1, "publishedSecrets": false,
                "apiAccess": "none", "refunds": false}]}\
              """);
      case "/deliveries" ->
          answer(
              exchange,
              200,
              """
              {"deliveries": [{"at": "2026-11-22T10:00:01Z", "endpoint": "stripe", "outcome": "signature_wrong",
                "status": 400, "origin": "webhook", "bytes": 1234, "durationMs": 1.25}],
               "counts": [{"endpoint": "stripe", "outcome": "signature_wrong", "count": 3}],
               "since": "2026-11-22T09:00:00Z"}\
              """);
      case "/endpoints/stripe/test" ->
          answer(
              exchange,
              200,
              """
              {"request": {"method": "POST", "path": "/webhooks/stripe",
                "headers": {"stripe-signature": "t=1,v1=4f1cd7fe…"}, "body": "{\\"id\\": \\"evt_<sample>\\"}"},
               "answer": {"status": 200, "headers": {}, "body": "", "durationMs": 4.5}}\
              """);
      case "/refunds" ->
          answer(
              exchange,
              body.contains("fraudulent") ? 422 : 201,
              body.contains("fraudulent")
                  ? "{\"code\": \"charge_disputed\", \"detail\": \"The bank has the money.\"}"
                  : "{\"refund\": \"re_1\", \"status\": \"succeeded\", \"endpoint\": \"stripe\","
                      + " \"amount\": {\"minorUnits\": 1000, \"currency\": \"USD\"}}");
      case "/receipts" ->
          answer(
              exchange,
              200,
              "{\"receipts\": [" + RECEIPT + ", " + LOST + "], \"codes\": [" + CODES + "]}");
      case "/receipts/rc_1" ->
          answer(exchange, 200, "{\"receipt\": " + RECEIPT + ", \"sendings\": " + SENDINGS + "}");
      case "/receipts/rc_2/resend" -> answer(exchange, 202, LOST);
      case "/receipts/codes/cd_1/resend" ->
          answer(
              exchange, 202, "{\"id\": \"cd_1\", \"status\": \"due\", \"to\": \"t…@example.com\"}");
      case "/receipts/rc_1/resend" -> answer(exchange, 202, RECEIPT);
      case "/receipts/wrong" ->
          answer(
              exchange,
              200,
              "{\"receipts\": [" + WRONG + ", " + ON_ITS_WAY + "], \"correctable\": 1}");
      case "/receipts/wrong/rcp_wrongaaaaaaaaaaaaaaaaaaaaa/correction" ->
          answer(
              exchange,
              200,
              "{\"receipt\": "
                  + WRONG
                  + ", \"subject\": \"Correction of SHOP-2026-9\", \"text\": \"Dear <Wilma>, right is $25.00. "
                  + Planted.PLANTED
                  + "\"}");
      case "/receipts/wrong/rcp_underwayaaaaaaaaaaaaaaaaaa/correction" ->
          answer(
              exchange,
              409,
              "{\"code\": \"under_way\", \"detail\": \"An earlier correction of it is on its way; wait for it.\"}");
      case "/receipts/rcp_wrongaaaaaaaaaaaaaaaaaaaaa" ->
          answer(
              exchange,
              200,
              "{\"receipt\": "
                  + RECEIPT.replace("\"any\"", "\"stripe:pi_wrong\"")
                  + ", \"sendings\": []}");
      case "/receipts/wrong/rcp_wrongaaaaaaaaaaaaaaaaaaaaa/correct" ->
          answer(exchange, 202, RECEIPT);
      case "/receipts/wrong/correct-all" ->
          answer(
              exchange,
              202,
              "{\"corrections\": 1, \"remaining\": 0, \"unreadable\": [\"rcp_x\"], \"dryRun\": false}");
      case "/receipts/undeliverable" -> {
        boolean none = exchange.getRequestURI().getQuery().contains("2001-01-01T");
        answer(
            exchange,
            200,
            "{\"receipts\": ["
                + (none ? "" : LOST)
                + "], \"receiptsInAll\": "
                + (none ? 0 : 1)
                + ", \"codes\": ["
                + CODES.substring(0, CODES.indexOf("},") + 1)
                + "], \"codesInAll\": 1, \"resendable\": "
                + (none ? 0 : 2)
                + "}");
      }
      case "/receipts/resend-undeliverable" ->
          answer(
              exchange,
              202,
              "{\"receipts\": 1, \"codes\": 1, \"remaining\": 0, \"dryRun\": false}");
      case "/receipts/codes/cd_1/discard" ->
          answer(exchange, 202, "{\"id\": \"cd_1\", \"status\": \"undeliverable\"}");
      case "/inspection" ->
          answer(
              exchange,
              200,
              """
              {"ledger": [{"topic": "payments.events.v1", "partition": 0, "first": 0, "next": 7, "applied": 4,
                "ignored": 1, "duplicate": 1, "dead": 0, "gaps": 1}],
               "waiting": 2, "oldestAt": "2026-11-22T09:00:00Z"}\
              """);
      default -> answer(exchange, 404, "{\"detail\": \"There is nothing here.\"}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
