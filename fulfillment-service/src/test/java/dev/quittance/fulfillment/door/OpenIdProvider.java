package dev.quittance.fulfillment.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// A small OpenID provider that asks nobody for a password: whoever comes is who is set.
final class OpenIdProvider {

  static final String CLIENT = "quittance";

  private static final int KEY_BITS = 2048;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final HttpServer server;
  private final KeyPair key;
  private volatile String role = "viewer";

  OpenIdProvider() throws IOException, GeneralSecurityException {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(KEY_BITS);
    key = keys.generateKeyPair();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/.well-known/openid-configuration", this::configuration);
    server.createContext("/keys", this::keys);
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void stop() {
    server.stop(0);
  }

  /// Whoever signs in from now on has this role.
  void comingIs(String role) {
    this.role = role;
  }

  private void configuration(HttpExchange exchange) throws IOException {
    json(
        exchange,
        """
        {"issuer":"%1$s","authorization_endpoint":"%1$s/authorize","token_endpoint":"%1$s/token",
         "jwks_uri":"%1$s/keys"}\
        """
            .formatted(address()));
  }

  private void keys(HttpExchange exchange) throws IOException {
    RSAPublicKey shown = (RSAPublicKey) key.getPublic();
    json(
        exchange,
        """
        {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"1","n":"%s","e":"%s"}]}\
        """
            .formatted(number(shown.getModulus()), number(shown.getPublicExponent())));
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> asked = new HashMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      asked.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    exchange
        .getResponseHeaders()
        .set("Location", asked.get("redirect_uri") + "?code=c1&state=" + asked.get("state"));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void token(HttpExchange exchange) throws IOException {
    String token = token("grace", role);
    json(
        exchange,
        """
        {"access_token":"%1$s","id_token":"%1$s","token_type":"Bearer","expires_in":300}\
        """
            .formatted(token));
  }

  /// What the provider says of somebody.
  String token(String name, String role) {
    long now = Instant.now().getEpochSecond();
    String signed =
        encode("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"1\"}")
            + "."
            + encode(
                """
                {"iss":"%s","aud":"%s","sub":"%s","preferred_username":"%s","roles":["%s"],"iat":%d,"exp":%d}\
                """
                    .formatted(address(), CLIENT, name, name, role, now, now + 300));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encode(String text) {
    return BASE64.encodeToString(text.getBytes(UTF_8));
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return BASE64.encodeToString(
        bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static void json(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
