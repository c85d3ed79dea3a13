package dev.quittance.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.delivery.SignedRequest;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.events.ProviderEvent;
import dev.quittance.sandbox.events.Purchase;
import dev.quittance.sandbox.stripe.PaymentMethod;
import dev.quittance.sandbox.stripe.StripeAccount;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/// Paid Checkout Sessions as Stripe tells of them, as many different ones as one likes: one that
/// the sandbox's account made, with other ids and another customer each.
public final class Checkouts {

  /// Which sandbox, books and dice made it doesn't matter: it is the same in every run.
  private static final int SEED = 8;

  private static final String TYPE = "checkout.session.completed";
  private static final int NUMBER_DIGITS = 10;

  private final Clock clock;
  private final String secret;
  private final String run;
  private final String template;
  private final Names names;

  /// What the template calls its event, session, payment and customer.
  private record Names(String event, String session, String intent, String email) {}

  private Checkouts(Clock clock, String secret, String run, String template, Names names) {
    this.clock = clock;
    this.secret = secret;
    this.run = run;
    this.template = template;
    this.names = names;
  }

  /// @param directory for the account's books
  /// @param secret of the endpoint
  /// @param run in lower-case letters and digits: those of another run are other checkouts
  public static Checkouts make(Path directory, Clock clock, String secret, String run) {
    try (var books = new DocumentStore(directory.resolve("books-" + run + ".jsonl"))) {
      var account = new StripeAccount(books, new Ids(new Random(SEED)), clock, "http://127.0.0.1");
      String email = "jenny@example.com";
      String session = account.openSession(Purchase.ordinary("usd", email), null, null);
      ProviderEvent paid =
          account.pay(session, PaymentMethod.VISA).stream()
              .filter(event -> event.type().equals(TYPE))
              .findFirst()
              .orElseThrow();
      ObjectNode object = paid.object().orElseThrow();
      var secrets = new SignedRequest.Secrets(secret, secret, secret); // one kind is sent
      byte[] body = SignedRequest.of(paid, 0, clock.instant(), secrets).body();
      return new Checkouts(
          clock,
          secret,
          run,
          new String(body, UTF_8),
          new Names(paid.id(), session, object.path("payment_intent").asText(), email));
    }
  }

  /// The same customers, of another run.
  public Checkouts of(String otherRun) {
    return new Checkouts(clock, secret, otherRun, template, names);
  }

  public String eventId(long number) {
    return "evt_1" + numbered(number);
  }

  /// What its requests are signed with.
  public String secret() {
    return secret;
  }

  /// The order that it becomes.
  public String order(long number) {
    return "stripe:" + intent(number);
  }

  public String email(long number) {
    return "jenny-" + numbered(number) + "@example.com";
  }

  private String session(long number) {
    return "cs_test_a1" + numbered(number);
  }

  private String intent(long number) {
    return "pi_3" + numbered(number);
  }

  private String numbered(long number) {
    return run + String.format(Locale.ROOT, "%0" + NUMBER_DIGITS + "d", number);
  }

  /// The body of one.
  public byte[] body(long number) {
    return renamed(template, names, namesOf(number)).getBytes(UTF_8);
  }

  /// What was said of one of ours, said of another.
  ///
  /// @param others whose the other is
  public String renamed(String text, Checkouts others, long ours, long theirs) {
    return renamed(text, namesOf(ours), others.namesOf(theirs));
  }

  private Names namesOf(long number) {
    return new Names(eventId(number), session(number), intent(number), email(number));
  }

  private static String renamed(String text, Names from, Names to) {
    return text.replace(from.event, to.event)
        .replace(from.session, to.session)
        .replace(from.intent, to.intent)
        .replace(from.email, to.email);
  }

  /// One as a request of HTTP/1.1, signed at this moment.
  public byte[] request(long number) {
    return request(body(number), new StripeSigner(secret));
  }

  /// So many requests, beginning with a number, signed at this moment.
  public List<byte[]> requests(long first, int count) {
    var signer = new StripeSigner(secret);
    return LongStream.range(first, first + count)
        .mapToObj(number -> request(body(number), signer))
        .toList();
  }

  private byte[] request(byte[] body, StripeSigner signer) {
    String head =
        "POST /webhooks/stripe HTTP/1.1\r\n"
            + "Host: 127.0.0.1\r\n"
            + "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
            + "Content-Type: application/json; charset=utf-8\r\n"
            + "Stripe-Signature: "
            + signer.header(clock.instant().getEpochSecond(), body)
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    byte[] first = head.getBytes(US_ASCII);
    byte[] all = new byte[first.length + body.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(body, 0, all, first.length, body.length);
    return all;
  }

  /// What the edge is told about its endpoint.
  public Map<String, String> endpoint() {
    // without a key nobody is asked for line items: they are unknown at once
    return Map.of(
        "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_SECRETS",
        secret,
        "QUITTANCE_LOCAL_ENDPOINTS_STRIPE_API_KEY",
        "");
  }
}
