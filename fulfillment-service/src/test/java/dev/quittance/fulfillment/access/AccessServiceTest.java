package dev.quittance.fulfillment.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quittance.access.Needs;
import dev.quittance.access.Open;
import dev.quittance.access.Role;
import dev.quittance.fulfillment.api.OpenApiRules;
import dev.quittance.fulfillment.api.ServicesForTests;
import dev.quittance.fulfillment.usecase.TestDatabase;
import dev.quittance.fuzz.RestEndpoints;
import dev.quittance.fuzz.RestEndpoints.RestEndpoint;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import jakarta.ws.rs.sse.SseEventSink;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/// Access to a service where people sign in: without, with too little, with enough.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
@WithTestResource(WithUsers.class)
class AccessServiceTest {

  private static final Pattern FIELD = Pattern.compile("name=\"csrf\" value=\"([0-9a-f]{64})\"");

  private static final Pattern PROVIDER =
      Pattern.compile("href=\"(/console/sign-in/provider[^\"]*)\"");
  private static final Pattern LEAVE = Pattern.compile("href=\"(http[^\"]*/logout[^\"]*)\"");

  @Inject PasswordChecks checks;
  @Inject UsersWatch watch;
  @Inject DataSource database;

  private static final List<RestEndpoint> ENDPOINTS =
      RestEndpoints.of(Open.class, "dev.quittance.fulfillment", "dev.quittance.console");

  static List<RestEndpoint> endpoints() {
    return ENDPOINTS;
  }

  private static Role needs(RestEndpoint endpoint) {
    Needs ofMethod = endpoint.method().getAnnotation(Needs.class);
    Needs needs =
        ofMethod != null
            ? ofMethod
            : endpoint.method().getDeclaringClass().getAnnotation(Needs.class);
    return needs != null
        ? needs.value()
        : endpoint.verb().equals("GET") ? Role.VIEWER : Role.OPERATOR;
  }

  /// Endless where there is enough to be let in.
  static boolean streams(RestEndpoint endpoint) {
    return List.of(endpoint.method().getParameterTypes()).contains(SseEventSink.class);
  }

  private static RequestSpecification plain() {
    return given().redirects().follow(false);
  }

  private static int ask(RestEndpoint endpoint, RequestSpecification as) {
    String type =
        endpoint.path().startsWith("/console")
            ? "application/x-www-form-urlencoded"
            : "application/json";
    return (endpoint.verb().equals("GET") ? as : as.contentType(type))
        .request(endpoint.verb(), endpoint.path())
        .statusCode();
  }

  private static RequestSpecification with(String token) {
    return plain().header("Authorization", "Bearer " + token);
  }

  @Test
  void strangersGetInNowhere() {
    assertThat(endpoints()).hasSizeGreaterThan(10);
    for (RestEndpoint endpoint : endpoints()) {
      if (!endpoint.open()) {
        assertThat(ask(endpoint, plain())).as(endpoint.toString()).isEqualTo(401);
        assertThat(ask(endpoint, with("guess"))).as(endpoint.toString()).isEqualTo(401);
        assertThat(ask(endpoint, plain().cookie("quittance-session", "0".repeat(64))))
            .as(endpoint.toString())
            .isEqualTo(401);
      }
    }
  }

  @Test
  void whoeverHasNoTokenGetsInNowhere() throws Exception {
    assertThat(
            RestEndpoints.wrong(
                RestAssured.port,
                LocalOperatorTest.endpoints(),
                RestEndpoints.withToken(RestAssured.port, WithUsers.ADMIN_TOKEN)))
        .isEmpty();
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
    for (RestEndpoint endpoint : endpoints()) {
      if (!endpoint.open()) {
        assertThat(ask(endpoint, with(nobody))).as(endpoint.toString()).isEqualTo(403);
      }
      if (!endpoint.open() && !Role.VIEWER.includes(needs(endpoint))) {
        assertThat(ask(endpoint, with(viewer))).as(endpoint.toString()).isEqualTo(403);
      }
      if (!endpoint.open() && needs(endpoint) == Role.ADMIN) {
        assertThat(ask(endpoint, with(operator))).as(endpoint.toString()).isEqualTo(403);
      }
    }
  }

  /// What takes more than looking takes, by name: a slip in an annotation is a hole or a lock.
  @Test
  void onlyAdministratorsMakeThingsGoneForGood() {
    assertThat(
            endpoints().stream()
                .filter(endpoint -> !endpoint.open() && needs(endpoint) == Role.ADMIN))
        .extracting(RestEndpoint::toString)
        .containsExactlyInAnyOrder(
            "DELETE /orders/none:none/customer",
            "POST /console/dead-letters/discard",
            "POST /console/failed-mail/discard");
    assertThat(
            endpoints().stream()
                .filter(endpoint -> !endpoint.open() && needs(endpoint) == Role.VIEWER))
        .allSatisfy(endpoint -> assertThat(endpoint.verb()).isEqualTo("GET"));
    with(WithUsers.TOKEN).delete("/orders/stripe:pi_none/customer").then().statusCode(403);
    with(WithUsers.ADMIN_TOKEN).delete("/orders/stripe:pi_none/customer").then().statusCode(404);
  }

  @Test
  void enoughIsEnoughEverywhere() {
    for (RestEndpoint endpoint : endpoints()) {
      if (!streams(endpoint) && !(endpoint.open() && endpoint.verb().equals("POST"))) {
        Role least = needs(endpoint) == Role.RETURN_PAGE ? Role.VIEWER : needs(endpoint);
        String token = WithUsers.provider().token("somebody", least.word());
        assertThat(ask(endpoint, with(token))).as(endpoint.toString()).isNotIn(401, 403, 500);
      }
    }
    with(WithUsers.TOKEN).get("/orders").then().statusCode(200);
  }

  @Test
  void whoHasTheViewersTokenMayLookAndNoMore() {
    for (RestEndpoint endpoint : endpoints()) {
      if (!endpoint.open() && !streams(endpoint)) {
        int status = ask(endpoint, with(WithUsers.VIEWER_TOKEN));
        if (Role.VIEWER.includes(needs(endpoint))) {
          assertThat(status).as(endpoint.toString()).isNotIn(401, 403, 500);
        } else {
          assertThat(status).as(endpoint.toString()).isEqualTo(403);
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
                .contains("SameSite=Lax"));
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
        .statusCode(200)
        .body(containsString("signed out"));

    plain().cookies(session).get("/console/transactions").then().statusCode(401);
  }

  /// A sign-in from an address, as our proxy says it.
  private static Response signInFrom(
      String forwardedFor, String name, String password, Map<String, String> device) {
    Response form = plain().header("Accept", "text/html").get("/console/sign-in");
    return plain()
        .header("Accept", "text/html")
        .header("Sec-Fetch-Site", "same-origin")
        .header("X-Forwarded-For", forwardedFor)
        .cookies(form.cookies())
        .cookies(device)
        .formParam("csrf", token(form.asString()))
        .formParam("name", name)
        .formParam("password", password)
        .post("/console/sign-in");
  }

  @Test
  void guessesFromElsewhereLockNobodyOut() {
    WithUsers.usersAre("gwen viewer " + WithUsers.HASH + "\n");
    Map<String, String> none = Map.of();
    Response before = signInFrom("198.51.100.7", "gwen", WithUsers.PASSWORD, none);
    Map<String, String> device = Map.of("quittance-device", before.cookie("quittance-device"));
    for (int i = 0; i < SignInThrottle.FAILURES_PER_NAME_AND_ADDRESS_MAX; i++) {
      // what stands before the proxy's own word is the guesser's invention
      assertThat(
              signInFrom("10.9.8." + i + ", 203.0.113.1", "gwen", "guess " + i, none).statusCode())
          .isEqualTo(401);
    }

    Response refused = signInFrom("10.9.8.77, 203.0.113.1", "gwen", WithUsers.PASSWORD, none);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).isNotBlank();
    assertThat(signInFrom("198.51.100.2", "gwen", WithUsers.PASSWORD, none).statusCode())
        .isEqualTo(303);
    assertThat(signInFrom("203.0.113.1", "gwen", WithUsers.PASSWORD, device).statusCode())
        .as("a browser that gwen has signed in by before")
        .isEqualTo(303);
    assertThat(signInFrom("203.0.113.1", "vera", WithUsers.PASSWORD, device).statusCode())
        .as("the address isn't at its own limit yet")
        .isEqualTo(303);
  }

  @Test
  void whatIsTooLongIsNoNameAndNoPassword() {
    assertThat(signIn("n".repeat(101), WithUsers.PASSWORD, "same-origin").statusCode())
        .isEqualTo(400);
    assertThat(signIn("vera", "p".repeat(201), "same-origin").statusCode()).isEqualTo(400);
  }

  /// Every check is held up, as by a slow machine; who waits for one holds none of what serves.
  @Test
  void threeHundredSignInsAtOnceLeaveThePagesAlone() throws Exception {
    WithUsers.usersAre(
        IntStream.range(0, 300)
            .mapToObj(i -> "crowd" + i + " viewer " + WithUsers.HASH + "\n")
            .collect(Collectors.joining()));
    int held = PasswordChecks.AT_ONCE_MAX;
    var open = new CountDownLatch(1);
    var busy = new CountDownLatch(held);
    for (int i = 0; i < held; i++) {
      assertThat(
              checks.check(() -> {
                busy.countDown();
                try {
                  return open.await(1, TimeUnit.MINUTES);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }))
          .isPresent();
    }
    busy.await();
    Response form = plain().header("Accept", "text/html").get("/console/sign-in");
    String csrf = token(form.asString());
    try (HttpClient http = HttpClient.newHttpClient()) {
      List<CompletableFuture<HttpResponse<String>>> answers =
          IntStream.range(0, 300)
              .mapToObj(i ->
                  http.sendAsync(
                      HttpRequest.newBuilder(
                              URI.create(
                                  "http://127.0.0.1:" + RestAssured.port + "/console/sign-in"))
                          .header("Accept", "text/html")
                          .header("Sec-Fetch-Site", "same-origin")
                          .header("X-Forwarded-For", "192.0.2." + i % 250)
                          .header("Cookie", "quittance-csrf=" + csrf)
                          .header("Content-Type", "application/x-www-form-urlencoded")
                          .POST(
                              HttpRequest.BodyPublishers.ofString(
                                  "csrf=" + csrf + "&name=crowd" + i + "&password=x"))
                          .build(),
                      HttpResponse.BodyHandlers.ofString()))
              .toList();

      with(WithUsers.VIEWER_TOKEN).get("/orders").then().statusCode(200);
      assertThat(answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
          .allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(503));

      open.countDown();
      assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
          .hasSize(300)
          .allMatch(status -> status == 401 || status == 503)
          .contains(401, 503);
    }
  }

  private static boolean isIn(Map<String, String> session) {
    return plain().cookies(session).get("/console/transactions").statusCode() == 200;
  }

  private static Map<String, String> session(Response signedIn) {
    assertThat(signedIn.statusCode()).as(signedIn.asString()).isEqualTo(303);
    return Map.of("quittance-session", signedIn.cookie("quittance-session"));
  }

  @Test
  void aNewPasswordEndsWhatTheOldOneBegan() {
    String changed = Passwords.of("battery staple", new byte[16]).text();
    WithUsers.usersAre("pia viewer " + WithUsers.HASH + "\n");
    Map<String, String> session = session(signIn("pia", WithUsers.PASSWORD, "same-origin"));
    assertThat(isIn(session)).isTrue();

    WithUsers.usersAre("pia viewer " + changed + "\n");

    assertThat(isIn(session)).isFalse();
    assertThat(isIn(session(signIn("pia", "battery staple", "same-origin")))).isTrue();
  }

  @Test
  void whoIsTakenOutIsOutWhateverElseTheFileSays() {
    WithUsers.usersAre("tom viewer " + WithUsers.HASH + "\n");
    Map<String, String> session = session(signIn("tom", WithUsers.PASSWORD, "same-origin"));
    Map<String, String> other = session(signIn("vera", WithUsers.PASSWORD, "same-origin"));

    WithUsers.usersAre("half a li");

    assertThat(isIn(session)).isFalse();
    assertThat(isIn(other)).isTrue();
    watch.look();
    WithUsers.usersAre("tom viewer " + WithUsers.HASH + "\n");
    assertThat(isIn(session)).as("put in again, with the same password").isFalse();
    assertThat(isIn(session(signIn("tom", WithUsers.PASSWORD, "same-origin")))).isTrue();
  }

  @Test
  void aFormThatWasSentTooLateComesBackWithWhatWasTyped() throws Exception {
    try (Browser browser = new Browser()) {
      HttpResponse<String> page = browser.open("/console/sign-in");
      String hold = "/console/orders/stripe:pi_none/hold";

      HttpResponse<String> asked =
          browser.send(page, hold, Map.of("reason", "Ask \"Ada\" first", "confirmed", "yes"));

      assertThat(asked.statusCode()).isEqualTo(401);
      assertThat(asked.body()).contains("Your session is over", "Ask &quot;Ada&quot; first");
      HttpResponse<String> again =
          browser.send(
              asked,
              "/console/sign-in",
              Map.of(
                  "name",
                  "otto",
                  "password",
                  "wrong",
                  "pending-action",
                  hold,
                  "pending.reason",
                  "Ask \"Ada\" first"));
      assertThat(again.statusCode()).isEqualTo(401);
      HttpResponse<String> signedIn =
          browser.send(
              again,
              "/console/sign-in",
              Map.of(
                  "name",
                  "otto",
                  "password",
                  WithUsers.PASSWORD,
                  "pending-action",
                  hold,
                  "pending.reason",
                  "Ask \"Ada\" first"));
      assertThat(signedIn.statusCode()).isEqualTo(200);
      assertThat(signedIn.body())
          .contains("action=\"" + hold + "\"")
          .contains("name=\"reason\" value=\"Ask &quot;Ada&quot; first\"")
          .doesNotContain("confirmed");
      assertThat(browser.send(signedIn, hold, Map.of("reason", "x")).statusCode())
          .as("it goes where it was meant to, and there is no such order")
          .isEqualTo(404);
    }
  }

  @Test
  void anotherSitesFormIsNotKept() {
    plain()
        .header("Accept", "text/html")
        .header("Sec-Fetch-Site", "cross-site")
        .formParam("reason", "a stranger's words")
        .post("/console/orders/stripe:pi_none/hold")
        .then()
        .statusCode(401)
        .body(not(containsString("a stranger's words")));
  }

  /// Strict cookies would show sign-in to somebody who is signed in and follows a link from a mail.
  @Test
  void aLinkFromAnotherSiteFindsWhoIsSignedIn() {
    Response signedIn = signIn("vera", WithUsers.PASSWORD, "same-origin");
    assertThat(signedIn.headers().getValues("Set-Cookie"))
        .filteredOn(cookie -> cookie.startsWith("quittance-session"))
        .allMatch(cookie -> cookie.contains("SameSite=Lax"));
    plain()
        .header("Accept", "text/html")
        .header("Sec-Fetch-Site", "cross-site")
        .header("Sec-Fetch-Mode", "navigate")
        .cookies(session(signedIn))
        .get("/console/transactions")
        .then()
        .statusCode(200);
  }

  /// Who, by which way, by what, did which, with what outcome: of the last that were written down.
  private List<String> audit(String subject) throws SQLException {
    return TestDatabase.ask(
        database,
        "SELECT concat_ws(' ', who, role, way, door, action, outcome) FROM console_audit"
            + " WHERE subject = '"
            + subject
            + "' ORDER BY id");
  }

  @Test
  void whatIsDoneByRestIsWrittenDownLikeWhatPagesDo() throws Exception {
    String order = "stripe:pi_" + UUID.randomUUID();
    with(WithUsers.TOKEN)
        .contentType("application/json")
        .post("/orders/" + order + "/hold")
        .then()
        .statusCode(404);
    with(WithUsers.provider().token("ann", "admin")).delete("/orders/" + order + "/customer");
    Map<String, String> session = session(signIn("otto", WithUsers.PASSWORD, "same-origin"));
    plain()
        .cookies(session)
        .header("Sec-Fetch-Site", "same-origin")
        .contentType("application/json")
        .post("/orders/" + order + "/release");

    assertThat(audit(order))
        .containsExactly(
            "operator-token operator token api order.held refused",
            "ann admin bearer api customer.erased refused",
            "otto operator password api order.released refused");
    with(WithUsers.TOKEN).get("/orders.csv?personal=true&q=ada@example.com").then().statusCode(200);
    plain().cookies(session).get("/orders").then().statusCode(200);
    await()
        .untilAsserted(() ->
            assertThat(audit("orders"))
                .contains(
                    "operator-token operator token api customers.exported done, 0 orders",
                    "otto operator password api customers.read done"));
    assertThat(TestDatabase.ask(database, "SELECT detail FROM console_audit"))
        .noneMatch(detail -> detail.contains("ada@"));
  }

  @Test
  void whoeverFoldsAllOrdersAgainIsWrittenDown() throws Exception {
    String behindAll = "zz:" + UUID.randomUUID();
    with(WithUsers.TOKEN).post("/orders/refold?after=" + behindAll).then().statusCode(200);
    with(WithUsers.TOKEN)
        .post("/orders/refold?dry-run=true&after=" + behindAll)
        .then()
        .statusCode(200);

    assertThat(
            TestDatabase.ask(
                database,
                "SELECT concat_ws(' ', who, door, action, outcome) FROM console_audit"
                    + " WHERE detail = '200 orders after "
                    + behindAll
                    + "'"))
        .containsExactly("operator-token api orders.refolded done, 0 of 0 changed");
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

  /// Such as `fetch(…, {mode: "no-cors", method: "POST"})` and `sendBeacon` of bytes.
  @Test
  void whatAnotherSitePostsWithoutATypeSignsNobodyOut() throws Exception {
    Map<String, String> session = session(signIn("otto", WithUsers.PASSWORD, "same-origin"));
    try (var browser = HttpClient.newHttpClient()) {
      for (String site : List.of("cross-site", "same-site")) {
        for (var body :
            List.of(
                HttpRequest.BodyPublishers.noBody(), HttpRequest.BodyPublishers.ofString("x"))) {
          var request =
              HttpRequest.newBuilder(
                      URI.create("http://localhost:" + RestAssured.port + "/console/sign-out"))
                  .header("Cookie", "quittance-session=" + session.get("quittance-session"))
                  .header("Sec-Fetch-Site", site)
                  .POST(body)
                  .build();

          var answer = browser.send(request, HttpResponse.BodyHandlers.discarding());

          assertThat(answer.statusCode()).as(site).isEqualTo(403);
          assertThat(answer.headers().allValues("Set-Cookie")).as(site).isEmpty();
        }
      }
    }
    plain().cookies(session).get("/console/transactions").then().statusCode(200);
  }

  @Test
  void anotherClientsTokenIsNoCredential() {
    OpenIdProvider provider = WithUsers.provider();
    assertThat(
            List.of(
                provider.bearer("mallory", "admin", "shop", List.of("account")),
                provider.bearer("mallory", "admin", "shop", List.of("shop", "account")),
                provider.bearer("mallory", "admin", "quittance-too", List.of("quittance-too")),
                provider.bearerForNobody("mallory", "admin")))
        .allSatisfy(token -> with(token).get("/orders").then().statusCode(401));
    assertThat(
            List.of(
                provider.bearer("paul", "viewer", "shop", List.of("quittance", "account")),
                provider.bearer("paul", "viewer", "quittance", List.of("account"))))
        .allSatisfy(token -> with(token).get("/orders").then().statusCode(200));
  }

  @Test
  void peopleSignInAtTheirProviderAndComeWhereTheyWanted() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("grace", "operator");
      HttpResponse<String> asked = browser.open("/console/transactions?q=a+b&currency=USD");
      Matcher link = PROVIDER.matcher(asked.body());
      assertThat(link.find()).as("a link to the provider").isTrue();

      HttpResponse<String> page = browser.open(link.group(1));

      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.uri()).hasPath("/console/transactions").hasQuery("q=a+b&currency=USD");
      assertThat(page.body()).contains("grace").contains("operator");

      HttpResponse<String> left = browser.send(page, "/console/sign-out", Map.of("x", "y"));
      assertThat(left.statusCode()).isEqualTo(200);
      Matcher out = LEAVE.matcher(left.body());
      assertThat(out.find()).as(left.body()).isTrue();
      assertThat(browser.open("/console/transactions").uri()).hasPath("/console/sign-in");
      HttpResponse<String> back = browser.open(out.group(1).replace("&amp;", "&"));
      assertThat(back.uri()).hasPath("/console/sign-in");
    }
  }

  @Test
  void whoHasNoRoleIsToldSo() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("norbert", "janitor");
      browser.open("/console/sign-in/provider");

      HttpResponse<String> page = browser.open("/console/transactions");

      assertThat(page.statusCode()).isEqualTo(403);
      assertThat(page.body()).contains("has no role here", "Sign out");
      assertThat(browser.send(page, "/console/sign-out", Map.of("x", "y")).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void whoIsTurnedAwayAtTheProviderIsToldSo() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("grace", "operator");
      WithUsers.provider().denies();

      HttpResponse<String> page = browser.open("/console/sign-in/provider?to=/console/health");

      assertThat(page.uri()).hasPath("/console/sign-in");
      assertThat(page.body()).contains("let you through (access_denied)");
    }
  }

  @Test
  void theProviderProlongsASessionUntilItSaysNo() throws Exception {
    try (Browser browser = new Browser()) {
      OpenIdProvider provider = WithUsers.provider();
      provider.comingIs("grace", "operator");
      provider.tokensLast(2);
      browser.open("/console/sign-in/provider");
      int before = provider.refreshed();

      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> {
            assertThat(browser.open("/console/transactions").uri())
                .hasPath("/console/transactions");
            assertThat(provider.refreshed()).isGreaterThan(before);
          });
      provider.blocks();
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() ->
              assertThat(browser.open("/console/transactions").uri()).hasPath("/console/sign-in"));
    } finally {
      WithUsers.provider().comingIs("grace", "viewer");
    }
  }

  /// Behind a proxy that ends TLS, as it says.
  @Test
  void theProviderSendsPeopleBackByHttps() {
    Response toProvider =
        plain()
            .header("Accept", "text/html")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-For", "203.0.113.9")
            .get("/console/sign-in/provider");

    assertThat(toProvider.statusCode()).isEqualTo(302);
    assertThat(toProvider.header("Location"))
        .contains("redirect_uri=https%3A%2F%2F")
        .contains("%2Fconsole%2Fsign-in%2Fprovider&");
  }

  @Test
  void theDescriptionOfTheApiIsValid() throws Exception {
    OpenApiRules.check(
        new YAMLMapper().readTree(plain().get("/q/openapi").then().extract().asString()));
  }
}
