package dev.quittance.ingest.endpoint;

import java.util.List;
import java.util.Map;

/// One webhook endpoint, `POST /webhooks/{name}`.
///
/// @param name in lower case, as it stands in the URL
/// @param provider the provider's name, for example `stripe`
/// @param account two endpoints of one provider account share it; it starts every order's id
/// @param secrets all that are valid now; several while one is being rotated
/// @param reference what the reference of its payments names
/// @param settings what only this provider understands, by its name in kebab-case
public record Endpoint(
    String name,
    String provider,
    String account,
    List<SigningSecret> secrets,
    Mode mode,
    OrdersFrom ordersFrom,
    Reference reference,
    Map<String, String> settings) {

  public Endpoint {
    secrets = List.copyOf(secrets);
    settings = Map.copyOf(settings);
  }

  /// An endpoint whose payments' reference may be any text.
  public Endpoint(
      String name,
      String provider,
      String account,
      List<SigningSecret> secrets,
      Mode mode,
      OrdersFrom ordersFrom,
      Map<String, String> settings) {
    this(name, provider, account, secrets, mode, ordersFrom, Reference.FREE, settings);
  }

  /// The same without settings of its own.
  public Endpoint(
      String name,
      String provider,
      String account,
      List<SigningSecret> secrets,
      Mode mode,
      OrdersFrom ordersFrom) {
    this(name, provider, account, secrets, mode, ordersFrom, Map.of());
  }

  /// Whether its events are live, where their provider doesn't say so of each: then the mode is
  /// either of the two.
  public boolean livemode() {
    return mode == Mode.LIVE;
  }

  /// Settings may be secret, so only their names are shown.
  @Override
  public String toString() {
    return "Endpoint[%s, %s, %s, %d secrets, %s, %s, %s, %s]"
        .formatted(
            name,
            provider,
            account,
            secrets.size(),
            mode,
            ordersFrom,
            reference,
            settings.keySet());
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

  /// What the shop writes into the reference of its payments.
  public enum Reference {
    /// Any text, which many payments may share.
    FREE,
    /// The number of one order, which is paid once.
    ORDER
  }
}
