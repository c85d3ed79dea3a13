package dev.quittance.fulfillment.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A small OpenID provider that asks nobody for a password: whoever comes is who is set. What its
/// tokens say, and which of them, is as with one of the large ones.
final class OpenIdProvider {

  static final String CLIENT = "quittance";

  /// The one address that is registered, as real providers insist on.
  private static final String REDIRECT_PATH = "/console/sign-in/provider";

  private static final int KEY_BITS = 2048;
  private static final int LIFE_SECONDS = 300;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  /// Whose ways it has.
  enum Kind {
    /// Roles of a client stand in access tokens alone, and a client isn't the audience of its own.
    KEYCLOAK,
    /// App roles stand in ID tokens; access tokens are for somebody else, and not to be read.
    ENTRA,
    /// No roles anywhere, access tokens are opaque, and there is no page to sign out by.
    GOOGLE
  }

  private final Kind kind;
  private final HttpServer server;
  private final KeyPair key;
  private final AtomicInteger refreshed = new AtomicInteger();
  private volatile String name = "grace";
  private volatile String role = "viewer";
  private volatile boolean emailVerified = true;
  private volatile boolean denies;
  private volatile boolean blocks;
  private volatile int lifeSeconds = LIFE_SECONDS;

  OpenIdProvider(Kind kind) throws IOException, GeneralSecurityException {
    this.kind = kind;
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(KEY_BITS);
    key = keys.generateKeyPair();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/.well-known/openid-configuration", this::configuration);
    server.createContext("/keys", this::keys);
    server.createContext("/authorize", this::authorize);
    server.createContext("/token", this::token);
    server.createContext("/logout", this::logout);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void stop() {
    server.stop(0);
  }

  /// Whoever signs in from now on is this person.
  void comingIs(String name, String role) {
    this.name = name;
    this.role = role;
    emailVerified = true;
    denies = false;
    blocks = false;
    lifeSeconds = LIFE_SECONDS;
  }

  void emailIsUnverified() {
    emailVerified = false;
  }

  /// Whoever comes says no.
  void denies() {
    denies = true;
  }

  /// Nobody's session is prolonged any more.
  void blocks() {
    blocks = true;
  }

  void tokensLast(int seconds) {
    lifeSeconds = seconds;
  }

  int refreshed() {
    return refreshed.get();
  }

  private void configuration(HttpExchange exchange) throws IOException {
    ObjectNode about = WireFormat.mapper().createObjectNode();
    about.put("issuer", address());
    about.put("authorization_endpoint", address() + "/authorize");
    about.put("token_endpoint", address() + "/token");
    about.put("jwks_uri", address() + "/keys");
    if (kind != Kind.GOOGLE) {
      about.put("end_session_endpoint", address() + "/logout");
    }
    json(exchange, 200, about.toString());
  }

  private void keys(HttpExchange exchange) throws IOException {
    RSAPublicKey shown = (RSAPublicKey) key.getPublic();
    json(
        exchange,
        200,
        """
        {"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"1","n":"%s","e":"%s"}]}\
        """
            .formatted(number(shown.getModulus()), number(shown.getPublicExponent())));
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
    String back = asked.getOrDefault("redirect_uri", "");
    if (!URI.create(back).getRawPath().equals(REDIRECT_PATH) || back.contains("?")) {
      json(exchange, 400, "{\"error\":\"redirect_uri is not registered\"}");
      return;
    }
    redirect(
        exchange,
        back
            + (denies ? "?error=access_denied" : "?code=c1")
            + "&state="
            + URLEncoder.encode(asked.get("state"), UTF_8));
  }

  private void token(HttpExchange exchange) throws IOException {
    Map<String, String> asked =
        parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
    if ("refresh_token".equals(asked.get("grant_type"))) {
      if (blocks) {
        json(exchange, 400, "{\"error\":\"invalid_grant\"}");
        return;
      }
      refreshed.incrementAndGet();
    }
    ObjectNode answer = WireFormat.mapper().createObjectNode();
    answer.put("id_token", idToken());
    answer.put("access_token", accessToken());
    answer.put("token_type", "Bearer");
    answer.put("expires_in", lifeSeconds);
    if (kind == Kind.KEYCLOAK) {
      answer.put("refresh_token", "r1");
    }
    json(exchange, 200, answer.toString());
  }

  private void logout(HttpExchange exchange) throws IOException {
    Map<String, String> asked = parameters(exchange.getRequestURI().getRawQuery());
    if (!asked.getOrDefault("id_token_hint", "").contains(".")) {
      json(exchange, 400, "{}");
      return;
    }
    redirect(exchange, asked.getOrDefault("post_logout_redirect_uri", ""));
  }

  private String idToken() {
    return signed(claims -> {
      claims.put("aud", CLIENT);
      claims.put("sub", "sub-of-" + name);
      switch (kind) {
        case KEYCLOAK -> claims.put("typ", "ID").put("azp", CLIENT).put("preferred_username", name);
        case ENTRA -> {
          claims.put("ver", "2.0").put("preferred_username", name + "@example.com");
          claims.putArray("roles").add(role);
        }
        case GOOGLE ->
            claims
                .put("azp", CLIENT)
                .put("email", name + "@example.com")
                .put("email_verified", emailVerified);
      }
    });
  }

  private String accessToken() {
    return switch (kind) {
      case KEYCLOAK -> token(name, role);
      case ENTRA -> "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJncmFwaCJ9.not-for-us";
      case GOOGLE -> "ya29.opaque";
    };
  }

  /// A bearer of our own client.
  String token(String name, String role) {
    return bearer(name, role, CLIENT, List.of("account"));
  }

  /// What the provider gives a client for somebody, with a role of ours as that client names it.
  String bearer(String name, String role, String client, List<String> audience) {
    return signed(claims -> {
      audience.forEach(claims.withArray("aud")::add);
      claims.put("typ", "Bearer").put("azp", client).put("sub", "sub-of-" + name);
      claims.put("preferred_username", name);
      claims.putObject("resource_access").putObject(CLIENT).putArray("roles").add(role);
    });
  }

  /// A token that says nothing of whom it is for.
  String bearerForNobody(String name, String role) {
    return signed(claims -> {
      claims.put("sub", name);
      claims.putObject("resource_access").putObject(CLIENT).putArray("roles").add(role);
    });
  }

  private String signed(Consumer<ObjectNode> about) {
    long now = Instant.now().getEpochSecond();
    ObjectNode claims = WireFormat.mapper().createObjectNode();
    claims.put("iss", address()).put("iat", now).put("exp", now + lifeSeconds);
    about.accept(claims);
    String signed =
        encode("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"1\"}")
            + "."
            + encode(claims.toString());
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key.getPrivate());
      signature.update(signed.getBytes(UTF_8));
      return signed + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : query.split("&")) {
      String[] parts = pair.split("=", 2);
      parameters.put(parts[0], URLDecoder.decode(parts[1], UTF_8));
    }
    return parameters;
  }

  private static String encode(String text) {
    return BASE64.encodeToString(text.getBytes(UTF_8));
  }

  private static String number(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return BASE64.encodeToString(
        bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private static void json(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
