package dev.quittance.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.contracts.Sha256;
import dev.quittance.testkit.StackFault;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// Examines whether ingest-service knows the secret that a provider signs with: by a signed webhook
/// of a type that means nothing.
///
/// @param endpoint its name at ingest-service
/// @param scheme how it is signed: `stripe` or `paysuper`
/// @param secret what the provider signs with
record SecretExam(String endpoint, String scheme, String secret) {

  private static final String PART = "secret";
  private static final String TYPE = "quittance.doctor";

  /// The Stripe CLI's are 64 hexadecimal digits; those of registered endpoints are shorter, and of
  /// all letters and digits.
  private static final Pattern OF_THE_STRIPE_CLI = Pattern.compile("whsec_[0-9a-f]{64}");

  /// A webhook as it is to be posted.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Signed(String header, String signature, byte[] body) {}

  Finding finding(ServiceClient services, Clock clock, boolean clockIsOff) {
    Signed signed;
    try {
      signed = signed(clock.instant());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Finding.fault(
          PART,
          "the secret of " + endpoint + " is none: it doesn't have the form that it must have",
          "Copy it again from the provider's page, whole and without spaces.");
    }
    int status;
    try {
      status =
          services.postWebhook(endpoint, signed.header, signed.signature, signed.body).status();
    } catch (StackFault _) {
      return Finding.skipped(PART, "ingest-service doesn't answer");
    }
    return switch (status) {
      case 200, 422 ->
          ofTheStripeCli()
              ? Finding.ok(
                  PART,
                  endpoint
                      + " accepts what `stripe listen` forwards; an endpoint that is registered at"
                      + " Stripe signs with a secret of its own")
              : Finding.ok(PART, endpoint + " accepts what the provider signs");
      case 400 ->
          clockIsOff
              ? Finding.doubtful(
                  PART,
                  endpoint + " refuses what the provider signs, perhaps only for its time",
                  "Set the clock right first.")
              : Finding.fault(
                  PART,
                  endpoint + " refuses what the provider signs: its secret is another",
                  (ofTheStripeCli()
                          ? "This is the secret of `stripe listen`, which signs what it forwards and nothing else. To use it, add it to QUITTANCE_ENDPOINTS_%s_SECRETS of ingest-service, or start with ./quittance up --stripe-secret; for a registered endpoint take the secret of its page in the Dashboard."
                          : "Compare the provider's signing secret with QUITTANCE_ENDPOINTS_%s_SECRETS of ingest-service; while one is rolled, both belong there, with a comma between.")
                      .formatted(endpoint.replace('-', '_').toUpperCase(Locale.ROOT)));
      case 404 ->
          Finding.fault(
              PART,
              "ingest-service has no endpoint " + endpoint,
              "Configure it (QUITTANCE_ENDPOINTS_…), or register another address at the provider.");
      case 503 -> Finding.skipped(PART, endpoint + " can't accept anything: the brokers are away");
      default ->
          Finding.doubtful(
              PART, endpoint + " answered " + status, "The log of ingest-service says why.");
    };
  }

  private boolean ofTheStripeCli() {
    return scheme.equals("stripe") && OF_THE_STRIPE_CLI.matcher(secret).matches();
  }

  /// A webhook that means nothing, as the provider would sign it now.
  Signed signed(Instant now) throws GeneralSecurityException {
    String id = "evt_quittance_doctor_" + now.toEpochMilli();
    String text =
        """
        {"id":"%s","object":"event","type":"%s","event":"%s","created":%d,"livemode":false,\
        "data":{"object":{}}}\
        """
            .formatted(id, TYPE, TYPE, now.getEpochSecond());
    byte[] body = text.getBytes(UTF_8);
    return switch (scheme) {
      case "stripe" -> {
        long seconds = now.getEpochSecond();
        byte[] mac = Hmac.sha256(secret.getBytes(UTF_8), seconds + "." + text);
        yield new Signed(
            "Stripe-Signature", "t=" + seconds + ",v1=" + HexFormat.of().formatHex(mac), body);
      }
      case "paysuper" ->
          new Signed(
              "Authorization", "Signature " + Sha256.hex((text + secret).getBytes(UTF_8)), body);
      default -> throw new IllegalArgumentException("unknown scheme");
    };
  }

  @Override
  public String toString() {
    return "SecretExam[" + endpoint + "]";
  }
}
