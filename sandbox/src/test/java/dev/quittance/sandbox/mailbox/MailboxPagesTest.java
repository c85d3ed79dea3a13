package dev.quittance.sandbox.mailbox;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.quittance.sandbox.SandboxForTests;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(SandboxForTests.class)
class MailboxPagesTest {

  @Inject Mailbox mailbox;

  @BeforeEach
  void empty() {
    given().delete("/mailbox/messages").then().statusCode(204);
  }

  @Test
  void messagesOfOneRecipientAreListedNewestFirst() throws Exception {
    send("a@example.com", "first");
    send("b@example.com", "other");
    send("a@example.com", "second");

    given()
        .queryParam("to", "a@example.com")
        .get("/mailbox/messages")
        .then()
        .statusCode(200)
        .body("total", is(2))
        .body("messages", hasSize(2))
        .body("messages[0].subject", is("second"))
        .body("messages[1].subject", is("first"))
        .body("messages[0].to", is("a@example.com"))
        .body("messages[0].text", containsString("plain <second>"))
        .body("messages[0].html", containsString("<b>second</b>"))
        .body("messages[0].messageId", containsString("@"))
        .body("messages[0].receivedAt", containsString("T"))
        .body("messages[0].headers.find { it.name == 'Subject' }.value", is("second"))
        .body("messages[0].attachments[0].name", is("receipt.pdf"))
        .body("messages[0].attachments[0].type", is("application/pdf"))
        .body("messages[0].attachments[0].content", nullValue());
  }

  @Test
  void pageShowsTheMailAndLocksItsHtmlIn() throws Exception {
    send("a@example.com", "<script>alert(1)</script>");

    int id = given().get("/mailbox/messages").jsonPath().getInt("messages[0].id");

    given()
        .get("/mailbox")
        .then()
        .statusCode(200)
        .body(containsString("a@example.com"))
        .body(containsString("&lt;script&gt;"))
        .body(not(containsString("<script>alert")));
    given()
        .get("/mailbox/" + id)
        .then()
        .statusCode(200)
        .body(containsString("<iframe sandbox"))
        .body(containsString("receipt.pdf"))
        .body(not(containsString("<script>alert")));
    given()
        .get("/mailbox/messages/" + id + "/html")
        .then()
        .statusCode(200)
        .header("Content-Security-Policy", containsString("sandbox"));
    given()
        .get("/mailbox/messages/" + id + "/attachments/0")
        .then()
        .statusCode(200)
        .contentType("application/pdf")
        .body(is("%PDF"));
  }

  @Test
  void mailServerRefusesWhenToldSo() {
    given()
        .get("/mailbox/server")
        .then()
        .statusCode(200)
        .body("answer", is("takes"))
        .body("answers", hasItem("relay-denied"));
    given()
        .contentType("application/json")
        .body(Map.of("answer", "relay-denied"))
        .put("/mailbox/server")
        .then()
        .statusCode(200)
        .body("answer", is("relay-denied"));
    assertThatThrownBy(() -> send("a@example.com", "refused"))
        .hasStackTraceContaining("554 5.7.1 Relay access denied");
    given().get("/mailbox").then().body(containsString("relay-denied\" selected"));

    given()
        .redirects()
        .follow(false)
        .formParam("answer", "takes")
        .post("/mailbox/server")
        .then()
        .statusCode(303);
    given().get("/mailbox/server").then().body("answer", is("takes"));
    given()
        .contentType("application/json")
        .body(Map.of("answer", "poem"))
        .put("/mailbox/server")
        .then()
        .statusCode(400)
        .contentType("application/problem+json");
    given().formParam("answer", "poem").post("/mailbox/server").then().statusCode(400);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String path :
        new String[] {
          "/mailbox/9999",
          "/mailbox/messages/9999/html",
          "/mailbox/messages/9999/raw",
          "/mailbox/messages/9999/attachments/0"
        }) {
      given().get(path).then().statusCode(404).contentType("application/problem+json");
    }
  }

  private void send(String to, String subject) throws Exception {
    var properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", String.valueOf(mailbox.port()));
    var message = new MimeMessage(Session.getInstance(properties));
    message.setFrom(new InternetAddress("shop@example.com"));
    message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(to));
    message.setSubject(subject);
    var text = new MimeBodyPart();
    text.setText("plain <" + subject + ">", "UTF-8");
    var html = new MimeBodyPart();
    html.setContent("<b>" + subject + "</b>", "text/html; charset=UTF-8");
    var pdf = new MimeBodyPart();
    pdf.setContent("%PDF", "application/pdf");
    pdf.setFileName("receipt.pdf");
    message.setContent(new MimeMultipart("mixed", text, html, pdf));
    Transport.send(message);
  }
}
