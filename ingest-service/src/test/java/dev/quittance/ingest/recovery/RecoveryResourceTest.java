package dev.quittance.ingest.recovery;

import static dev.quittance.ingest.IngestProfile.operator;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import dev.quittance.ingest.IngestProfile;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(IngestProfile.class)
final class RecoveryResourceTest {

  @Test
  void theOperatorMaySweepAndNobodyIsAskedWithoutAKey() {
    operator()
        .when()
        .post("/recovery?since=72h")
        .then()
        .statusCode(200)
        .body("state", equalTo("done"))
        .body("endpoints", hasSize(0));
  }

  @Test
  void theLastSweepCanBeSeen() {
    operator().post("/recovery").then().statusCode(200);

    operator().get("/recovery").then().statusCode(200).body("state", equalTo("done"));
  }

  @Test
  void anAgeThatIsNoneIsRefusedWithASentence() {
    operator()
        .when()
        .post("/recovery?since=yesterday")
        .then()
        .statusCode(400)
        .contentType(containsString("application/problem+json"))
        .body("detail", containsString("72h"));
  }
}
