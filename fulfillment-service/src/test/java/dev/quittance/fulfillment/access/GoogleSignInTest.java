package dev.quittance.fulfillment.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fulfillment.api.ServicesForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Signing in where no token names a role: the users' file does, by the address that was verified.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
@QuarkusTestResource(value = WithUsers.AtGoogle.class, restrictToAnnotatedClass = true)
class GoogleSignInTest {

  @Test
  void theUsersFileSaysWhatSomebodyMay() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("grace", "");

      HttpResponse<String> page =
          browser.open("/console/sign-in/provider?to=%2Fconsole%2Ftransactions");

      assertThat(page.uri()).hasPath("/console/transactions");
      assertThat(page.body()).contains("grace@example.com").contains("operator");
      HttpResponse<String> left = browser.send(page, "/console/sign-out", Map.of("x", "y"));
      assertThat(left.body()).contains("signed out").doesNotContain("/logout");
    }
  }

  @Test
  void anAddressThatIsNotVerifiedIsNobodys() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("grace", "");
      WithUsers.provider().emailIsUnverified();

      HttpResponse<String> page =
          browser.open("/console/sign-in/provider?to=%2Fconsole%2Ftransactions");

      assertThat(page.statusCode()).isEqualTo(403);
      assertThat(page.body()).contains("has no role here");
    }
  }

  @Test
  void whoIsNotInTheFileHasNoRole() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("mallory", "");

      assertThat(
              browser.open("/console/sign-in/provider?to=%2Fconsole%2Ftransactions").statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void anOpaqueTokenIsNoCredential() {
    given().header("Authorization", "Bearer ya29.opaque").get("/orders").then().statusCode(401);
  }
}
