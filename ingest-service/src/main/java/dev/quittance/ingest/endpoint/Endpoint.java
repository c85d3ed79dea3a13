package dev.quittance.ingest.endpoint;

import java.util.List;

/// One webhook endpoint, `POST /webhooks/{name}`.
///
/// @param name in lower case, as it stands in the URL
/// @param provider the provider's name, for example `stripe`
/// @param account two endpoints of one provider account share it; it starts every order's id
/// @param secrets all that are valid now; several while one is being rotated
public record Endpoint(
    String name,
    String provider,
    String account,
    List<SigningSecret> secrets,
    Mode mode,
    OrdersFrom ordersFrom) {

  public Endpoint {
    secrets = List.copyOf(secrets);
  }

  /// Which events count: those of the provider's live mode, its test mode, or both. The others are
  /// ignored and counted, so that no test payment ships goods.
  public enum Mode {
    LIVE,
    TEST,
    ANY;

    /// Whether an event of this mode counts.
    public boolean admits(boolean livemode) {
      return switch (this) {
        case LIVE -> livemode;
        case TEST -> !livemode;
        case ANY -> true;
      };
    }
  }

  /// Which of the provider's objects say who bought what.
  public enum OrdersFrom {
    CHECKOUT,
    PAYMENT_INTENTS
  }
}
