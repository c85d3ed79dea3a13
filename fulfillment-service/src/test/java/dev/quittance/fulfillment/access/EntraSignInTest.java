package dev.quittance.fulfillment.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.fulfillment.api.ServicesForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Signing in where app roles stand in ID tokens, and access tokens are somebody else's.
@QuarkusTest
@QuarkusTestResource(ServicesForTests.class)
@QuarkusTestResource(value = WithUsers.AtEntra.class, restrictToAnnotatedClass = true)
class EntraSignInTest {

  @Test
  void theIdTokenSaysWhatSomebodyMay() throws Exception {
    try (Browser browser = new Browser()) {
      WithUsers.provider().comingIs("grace", "operator");

      HttpResponse<String> page =
          browser.open("/console/sign-in/provider?to=%2Fconsole%2Ftransactions");

      assertThat(page.uri()).hasPath("/console/transactions");
      assertThat(page.body()).contains("grace@example.com").contains("operator");
    }
  }

  @Test
  void aBearerForAnotherApiIsNoCredential() {
    String token = WithUsers.provider().bearer("mallory", "admin", "shop", List.of("graph"));

    given().header("Authorization", "Bearer " + token).get("/orders").then().statusCode(401);
  }
}
