package dev.quittance.fulfillment.door;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.quittance.fulfillment.api.ServicesForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.sse.SseEventSink;
import java.lang.reflect.Method;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The door of a service where people sign in: without, with too little, with enough.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
@QuarkusTestResource(value = WithUsers.class, restrictToAnnotatedClass = true)
class DoorServiceTest {

  private static final Pattern FIELD = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");

  /// A call or page of the service.
  record Door(String verb, String path, Method method) {

    Role needs() {
      Needs ofMethod = method.getAnnotation(Needs.class);
      Needs needs =
          ofMethod != null ? ofMethod : method.getDeclaringClass().getAnnotation(Needs.class);
      return needs != null ? needs.value() : verb.equals("GET") ? Role.VIEWER : Role.OPERATOR;
    }

    boolean isOpen() {
      return method.isAnnotationPresent(Open.class)
          || method.getDeclaringClass().isAnnotationPresent(Open.class);
    }

    /// Endless where there is enough to be let in.
    boolean streams() {
      return List.of(method.getParameterTypes()).contains(SseEventSink.class);
    }

    @Override
    public String toString() {
      return verb + " " + path;
    }
  }

  static List<Door> doors() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.quittance.fulfillment")
            .stream()
            .filter(type -> type.isAnnotatedWith(Path.class))
            .map(type -> type.reflect())
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()).flatMap(m -> door(type, m)))
            .toList();
  }

  private static Stream<Door> door(Class<?> type, Method method) {
    String verb =
        method.isAnnotationPresent(GET.class)
            ? "GET"
            : method.isAnnotationPresent(POST.class)
                ? "POST"
                : method.isAnnotationPresent(DELETE.class)
                    ? "DELETE"
                    : method.isAnnotationPresent(PUT.class) ? "PUT" : "";
    Path below = method.getAnnotation(Path.class);
    String path =
        type.getAnnotation(Path.class).value() + (below == null ? "" : "/" + below.value());
    return verb.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Door(
                verb,
                ("/" + path).replaceAll("/+", "/").replaceAll("\\{[^}]*}", "stripe:pi_none"),
                method));
  }

  private static RequestSpecification plain() {
    return given().redirects().follow(false);
  }

  private static int ask(Door door, RequestSpecification as) {
    String type =
        door.path().startsWith("/console")
            ? "application/x-www-form-urlencoded"
            : "application/json";
    return (door.verb().equals("GET") ? as : as.contentType(type))
        .request(door.verb(), door.path())
        .statusCode();
  }

  private static RequestSpecification with(String token) {
    return plain().header("Authorization", "Bearer " + token);
  }

  @Test
  void strangersGetInNowhere() {
    assertThat(doors()).hasSizeGreaterThan(10);
    for (Door door : doors()) {
      if (!door.isOpen()) {
        assertThat(ask(door, plain())).as(door.toString()).isEqualTo(401);
        assertThat(ask(door, with("guess"))).as(door.toString()).isEqualTo(401);
        assertThat(ask(door, plain().cookie("quittance-session", "0".repeat(64))))
            .as(door.toString())
            .isEqualTo(401);
      }
    }
  }

  @Test
  void whoAcceptsNothingThatThereIsIsToldSo() {
    plain().header("Accept", "true").get("/console/transactions").then().statusCode(406);
  }

  @Test
  void tooLittleIsTooLittleEverywhere() {
    String viewer = WithUsers.provider().token("vera", "viewer");
    String operator = WithUsers.provider().token("otto", "operator");
    String nobody = WithUsers.provider().token("mallory", "manager");
    for (Door door : doors()) {
      if (!door.isOpen()) {
        assertThat(ask(door, with(nobody))).as(door.toString()).isEqualTo(401);
      }
      if (!door.isOpen() && !Role.VIEWER.includes(door.needs())) {
        assertThat(ask(door, with(viewer))).as(door.toString()).isEqualTo(403);
      }
      if (!door.isOpen() && door.needs() == Role.ADMIN) {
        assertThat(ask(door, with(operator))).as(door.toString()).isEqualTo(403);
      }
    }
  }

  @Test
  void enoughIsEnoughEverywhere() {
    for (Door door : doors()) {
      if (!door.streams() && !(door.isOpen() && door.verb().equals("POST"))) {
        Role least = door.needs() == Role.RETURN_PAGE ? Role.VIEWER : door.needs();
        String token = WithUsers.provider().token("somebody", least.word());
        assertThat(ask(door, with(token))).as(door.toString()).isNotIn(401, 403, 500);
      }
    }
    with(WithUsers.TOKEN).get("/orders").then().statusCode(200);
  }

  @Test
  void whoHasTheViewersTokenMayLookAndNoMore() {
    for (Door door : doors()) {
      if (!door.isOpen() && !door.streams()) {
        int status = ask(door, with(WithUsers.VIEWER_TOKEN));
        if (Role.VIEWER.includes(door.needs())) {
          assertThat(status).as(door.toString()).isNotIn(401, 403, 500);
        } else {
          assertThat(status).as(door.toString()).isEqualTo(403);
        }
      }
    }
  }

  /// The answer to a sign-in, with what a browser would send.
  private static Response signIn(String name, String password, String from) {
    Response form = plain().header("Accept", "text/html").get("/console/sign-in");
    return plain()
        .header("Accept", "text/html")
        .header("Sec-Fetch-Site", from)
        .cookies(form.cookies())
        .formParam("csrf", token(form.asString()))
        .formParam("name", name)
        .formParam("password", password)
        .post("/console/sign-in");
  }

  private static String token(String page) {
    Matcher matcher = FIELD.matcher(page);
    assertThat(matcher.find()).as("a token in the form").isTrue();
    return matcher.group(1);
  }

  @Test
  void peopleSignInAndOut() {
    plain()
        .header("Accept", "text/html")
        .get("/console/transactions?q=a+b")
        .then()
        .statusCode(303)
        .header("Location", containsString("/console/sign-in?to=%2Fconsole%2Ftransactions%3Fq"));
    Response signedIn = signIn("vera", WithUsers.PASSWORD, "same-origin");
    assertThat(signedIn.statusCode()).as(signedIn.asString()).isEqualTo(303);
    assertThat(signedIn.header("Location")).endsWith("/console");
    assertThat(signedIn.headers().getValues("Set-Cookie"))
        .anySatisfy(cookie ->
            assertThat(cookie)
                .startsWith("quittance-session=")
                .contains("HttpOnly")
                .contains("SameSite=Strict"));
    Map<String, String> session = Map.of("quittance-session", signedIn.cookie("quittance-session"));

    Response page =
        plain().cookies(session).header("Accept", "text/html").get("/console/transactions");
    page.then()
        .statusCode(200)
        .header("Cache-Control", equalTo("no-store"))
        .header("Content-Security-Policy", containsString("default-src 'self'"))
        .body(containsString("vera"))
        .body(not(containsString("Local mode")));
    plain()
        .cookies(session)
        .cookies(page.cookies())
        .header("Sec-Fetch-Site", "same-origin")
        .formParam("csrf", token(page.asString()))
        .post("/console/sign-out")
        .then()
        .statusCode(303);

    plain().cookies(session).get("/console/transactions").then().statusCode(401);
  }

  @Test
  void wrongPasswordsAreCountedPerName() {
    for (int i = 0; i < SignInThrottle.FAILURES_PER_NAME_MAX; i++) {
      assertThat(signIn("nobody", "guess " + i, "same-origin").statusCode()).isEqualTo(401);
    }

    Response refused = signIn("nobody", "one more", "same-origin");

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isNotBlank();
    assertThat(signIn("ada", WithUsers.PASSWORD, "same-origin").statusCode()).isEqualTo(303);
  }

  @Test
  void otherSitesCantUseASession() {
    assertThat(signIn("otto", WithUsers.PASSWORD, "cross-site").statusCode()).isEqualTo(403);
    Response signedIn = signIn("otto", WithUsers.PASSWORD, "same-origin");
    Map<String, String> session = Map.of("quittance-session", signedIn.cookie("quittance-session"));
    String hold = "/orders/stripe:pi_none/hold";

    RequestSpecification json = plain().contentType("application/json").cookies(session);
    json.header("Origin", "https://shop.example").post(hold).then().statusCode(403);
    plain()
        .contentType("application/json")
        .cookies(session)
        .header("Sec-Fetch-Site", "same-site")
        .post(hold)
        .then()
        .statusCode(403)
        .body("code", equalTo("cross_site"));
    plain()
        .contentType("application/json")
        .cookies(session)
        .header("Sec-Fetch-Site", "same-origin")
        .post(hold)
        .then()
        .statusCode(404);
    plain()
        .cookies(session)
        .header("Sec-Fetch-Site", "same-origin")
        .formParam("csrf", "0".repeat(64))
        .post("/console/sign-out")
        .then()
        .statusCode(403);
  }

  @Test
  void peopleSignInAtTheirProvider() throws Exception {
    try (HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      WithUsers.provider().comingIs("operator");
      URI door = URI.create("http://127.0.0.1:" + RestAssured.port + "/console/sign-in/provider");

      HttpResponse<String> page =
          browser.send(
              HttpRequest.newBuilder(door).header("Accept", "text/html").build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(page.uri().getPath()).isEqualTo("/console");
      page =
          browser.send(
              HttpRequest.newBuilder(page.uri().resolve("/console/transactions"))
                  .header("Accept", "text/html")
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("grace").contains("operator");
    }
  }
}
