package dev.quittance.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;

/// Stripe's list of a Checkout Session's line items
/// (<https://docs.stripe.com/api/checkout/sessions/line_items>), the same one for each: as little
/// work as a provider's API can be.
public final class LineItemsApi implements AutoCloseable {

  private static final int CLIENTS_WAITING_MAX = 256;
  private static final String KEY = "sk_test_bench";
  private final HttpServer server;

  /// @param total of every session, in minor units
  public LineItemsApi(long total, String currency) {
    byte[] items =
        """
        {"object":"list","has_more":false,"url":"/v1/checkout/sessions/cs/line_items","data":[\
        {"id":"li_bench","object":"item","amount_discount":0,"amount_subtotal":%d,"amount_tax":0,\
        "amount_total":%d,"currency":"%s","description":"A thing","quantity":1,\
        "price":{"id":"price_bench","object":"price","product":"prod_bench","unit_amount":%d,"currency":"%s"}}]}
        """
            .formatted(total, total, currency, total, currency)
            .getBytes(UTF_8);
    try {
      server =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CLIENTS_WAITING_MAX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/checkout/sessions/", exchange -> answer(exchange, items));
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /// What the edge is told, beside its secret.
  public Map<String, String> environment() {
    return Map.of(
        "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_API_KEY",
        KEY,
        "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_API_BASE",
        "http://127.0.0.1:" + server.getAddress().getPort());
  }

  private static void answer(HttpExchange exchange, byte[] items) throws IOException {
    try (exchange) {
      exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, items.length);
      exchange.getResponseBody().write(items);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
