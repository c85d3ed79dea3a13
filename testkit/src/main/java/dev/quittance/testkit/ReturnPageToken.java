package dev.quittance.testkit;

import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What ingest-service's return page shows fulfillment-service. Without users it may ask because it
/// is at this machine; where people sign in, by a users' file or at an OpenID provider, that is
/// nothing any more.
public record ReturnPageToken(String value) {

  private static final String VARIABLE = "QUITTANCE_RETURN_PAGE_TOKEN";

  /// Nobody guesses 256 bits.
  private static final int BYTES = 32;

  /// The one that somebody has set for the services, otherwise one for as long as they run.
  public static ReturnPageToken of(Map<String, String> environment, RandomGenerator random) {
    String given = environment.getOrDefault(VARIABLE, "");
    if (!given.isBlank()) {
      return new ReturnPageToken(given);
    }
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new ReturnPageToken(HexFormat.of().formatHex(bytes));
  }

  /// For who asks and for who is asked.
  void tell(Service service, Map<String, String> environment) {
    switch (service) {
      case INGEST -> environment.put("QUITTANCE_FULFILLMENT_TOKEN", value);
      case FULFILLMENT -> environment.put(VARIABLE, value);
      case RECEIPTS, SANDBOX -> {
        // they have no return page
      }
    }
  }

  @Override
  public String toString() {
    return "ReturnPageToken[…]";
  }
}
