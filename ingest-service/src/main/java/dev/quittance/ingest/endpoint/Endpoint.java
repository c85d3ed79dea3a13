package dev.quittance.ingest.endpoint;

import java.util.List;
import java.util.Map;

/// One webhook endpoint, `POST /webhooks/{name}`.
///
/// @param name in lower case, as it stands in the URL
/// @param provider the provider's name, for example `stripe`
/// @param account two endpoints of one provider account share it; it starts every order's id
/// @param secrets all that are valid now; several while one is being rotated
/// @param settings what only this provider understands, by its name in kebab-case
public record Endpoint(
    String name,
    String provider,
    String account,
    List<SigningSecret> secrets,
    Mode mode,
    OrdersFrom ordersFrom,
    Map<String, String> settings) {

  public Endpoint {
    secrets = List.copyOf(secrets);
    settings = Map.copyOf(settings);
  }

  /// An endpoint without settings of its own.
  public Endpoint(
      String name,
      String provider,
      String account,
      List<SigningSecret> secrets,
      Mode mode,
      OrdersFrom ordersFrom) {
    this(name, provider, account, secrets, mode, ordersFrom, Map.of());
  }

  /// Settings may be secret, so only their names are shown.
  @Override
  public String toString() {
    return "Endpoint[%s, %s, %s, %d secrets, %s, %s, %s]"
        .formatted(name, provider, account, secrets.size(), mode, ordersFrom, settings.keySet());
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
