package dev.quittance.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks every REST endpoint of a service in all the ways in which strangers pretend to be at the
/// machine.
public final class RestEndpoints {

  private static final Set<String> VERBS = Set.of("GET", "POST", "PUT", "DELETE", "PATCH");
  private static final String REST = "jakarta.ws.rs.";
  private static final int ANSWER_MILLIS_MAX = 60_000;

  private RestEndpoints() {}

  /// A call or page of a service.
  ///
  /// @param method that answers
  /// @param open whether strangers may ask
  public record RestEndpoint(String verb, String path, Method method, boolean open) {

    boolean looking() {
      return verb.equals("GET");
    }

    /// A form that wants a token of its page, whoever sends it.
    boolean form() {
      return path.startsWith("/console") && !looking();
    }

    @Override
    public String toString() {
      return verb + " " + path;
    }
  }

  /// A way to ask.
  ///
  /// @param status what strangers are told; 0 where it lets in
  public record Way(
      String name, String version, String host, Map<String, String> headers, int status) {}

  /// All endpoints of the REST resources in packages.
  ///
  /// @param open the annotation of what strangers may ask
  public static List<RestEndpoint> of(Class<? extends Annotation> open, String... packages) {
    return imported(packages).stream()
        .map(JavaClass::reflect)
        .flatMap(type ->
            value(type.getAnnotations(), REST + "Path")
                .flatMap(base ->
                    Arrays.stream(type.getDeclaredMethods())
                        .flatMap(method -> endpoint(type, base, method, open))))
        .toList();
  }

  /// Only to know which classes there are: what these depend on takes ten times as long to read.
  private static JavaClasses imported(String... packages) {
    Function<ArchConfiguration, JavaClasses> alone =
        configuration -> {
          configuration.setResolveMissingDependenciesFromClassPath(false);
          return new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages(packages);
        };
    return ArchConfiguration.withThreadLocalScope(alone);
  }

  private static Stream<RestEndpoint> endpoint(
      Class<?> type, String base, Method method, Class<? extends Annotation> open) {
    Annotation[] annotations = method.getAnnotations();
    String below = value(annotations, REST + "Path").findFirst().orElse("");
    return Arrays.stream(annotations)
        .map(annotation -> annotation.annotationType())
        .filter(shape -> shape.getPackageName().equals("jakarta.ws.rs"))
        .map(Class::getSimpleName)
        .filter(VERBS::contains)
        .map(verb ->
            new RestEndpoint(
                verb,
                ("/" + base + "/" + below)
                    .replaceAll("/+", "/")
                    .replaceAll("(.)/$", "$1")
                    // what a pattern begins with leads to its own endpoint, and to no open one
                    // beside
                    // it
                    .replaceAll("\\{[^}:]*: *(\\w+)\\[[^}]*}", "$1none")
                    .replaceAll("\\{[^}]*}", "none:none"),
                method,
                method.isAnnotationPresent(open) || type.isAnnotationPresent(open)));
  }

  private static Stream<String> value(Annotation[] annotations, String name) {
    return Arrays.stream(annotations)
        .filter(annotation -> annotation.annotationType().getName().equals(name))
        .map(annotation -> {
          try {
            return (String) annotation.annotationType().getMethod("value").invoke(annotation);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /// What is told apart where being at this machine is enough.
  public static List<Way> onThisMachine(int port) {
    String here = "127.0.0.1:" + port;
    var ways = new ArrayList<Way>();
    ways.add(way("the loopback address", here, Map.of(), 0));
    ways.add(way("localhost", "localhost:" + port, Map.of(), 0));
    ways.add(way("its own origin", here, Map.of("Origin", "http://" + here), 0));
    for (String header :
        List.of(
            "Forwarded",
            "Via",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "x-real-ip",
            "CF-Connecting-IP")) {
      ways.add(way(header, here, Map.of(header, "127.0.0.1"), 401));
    }
    ways.add(new Way("a proxy of HTTP/1.0", "HTTP/1.0", here, Map.of(), 401));
    ways.add(way("a foreign host", "shop.example", Map.of(), 401));
    ways.add(way("a name that leads to 127.0.0.1", "localtest.me:" + port, Map.of(), 401));
    ways.add(way("a name that begins like it", "127.0.0.1.nip.example:" + port, Map.of(), 401));
    for (String origin : List.of("https://shop.example", "http://127.0.0.1:1", "null")) {
      ways.add(way("the origin " + origin, here, Map.of("Origin", origin), 403));
    }
    ways.add(
        way(
            "a contradiction",
            here,
            Map.of("Origin", "https://shop.example", "Sec-Fetch-Site", "same-origin"),
            403));
    ways.add(way("another site's picture", here, Map.of("Sec-Fetch-Site", "cross-site"), 403));
    ways.add(way("a wrong token", here, Map.of("Authorization", "Bearer guess"), 401));
    return List.copyOf(ways);
  }

  /// What is told apart where callers have to say who they are.
  public static List<Way> withToken(int port, String token) {
    Map<String, String> given = Map.of("Authorization", "Bearer " + token);
    String here = "127.0.0.1:" + port;
    return List.of(
        way("no token", here, Map.of(), 401),
        way("a wrong token", here, Map.of("Authorization", "Bearer " + token + "x"), 401),
        way("a token as a password", here, Map.of("Authorization", "Basic " + token), 401),
        way("the token", here, given, 0),
        way("the token by a foreign host", "shop.example", given, 0),
        way(
            "the token through a proxy",
            here,
            Map.of("Authorization", "Bearer " + token, "X-Forwarded-For", "192.0.2.1"),
            0));
  }

  private static Way way(String name, String host, Map<String, String> headers, int status) {
    return new Way(name, "HTTP/1.1", host, headers, status);
  }

  /// Asks all endpoints in all ways.
  ///
  /// @return what was answered otherwise than it should be, in a sentence each
  public static List<String> wrong(int port, List<RestEndpoint> endpoints, List<Way> ways)
      throws IOException {
    var wrong = new ArrayList<String>();
    for (RestEndpoint endpoint : endpoints) {
      for (Way way : ways) {
        // what another site makes a browser post may have no type
        for (boolean typed : endpoint.looking() ? List.of(true) : List.of(true, false)) {
          int status = ask(port, endpoint, way, typed);
          if (!isRight(endpoint, way, status)) {
            wrong.add(
                endpoint
                    + " answers "
                    + status
                    + " by "
                    + way.name()
                    + (typed ? "" : ", without a type"));
          }
        }
      }
    }
    return wrong;
  }

  private static boolean isRight(RestEndpoint endpoint, Way way, int status) {
    if (endpoint.open()) {
      return (!endpoint.looking() && way.status() == 403) ? status == 403 : status < 500;
    }
    if (way.status() != 0) {
      return status == way.status();
    }
    return status != 401 && (endpoint.form() || status != 403);
  }

  private static int ask(int port, RestEndpoint endpoint, Way way, boolean typed)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(ANSWER_MILLIS_MAX);
      var head = new StringBuilder();
      head.append(endpoint.verb() + " " + endpoint.path() + " " + way.version() + "\r\n");
      head.append("Host: " + way.host() + "\r\nConnection: close\r\n");
      way.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
      if (!endpoint.looking()) {
        head.append("Content-Length: 0\r\n");
      }
      if (typed && !endpoint.looking()) {
        head.append(
            "Content-Type: "
                + (endpoint.form() ? "application/x-www-form-urlencoded" : "application/json")
                + "\r\n");
      }
      socket.getOutputStream().write(head.append("\r\n").toString().getBytes(ISO_8859_1));
      var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      @Nullable String status = answer.readLine();
      return status == null ? 0 : Integer.parseInt(status.split(" ")[1]);
    }
  }
}
