package dev.quittance.console.webhooks;

import dev.quittance.console.Labels;
import dev.quittance.fulfillment.clients.IngestClient.Count;
import dev.quittance.fulfillment.clients.IngestClient.Deliveries;
import dev.quittance.fulfillment.clients.IngestClient.Delivery;
import dev.quittance.fulfillment.clients.IngestClient.Endpoint;
import dev.quittance.fulfillment.clients.IngestClient.Trial;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// What the page of webhooks says, in its words.
///
/// @param trouble why nothing is known; empty when it is
/// @param endpoint the filter; empty for all
/// @param outcome the filter; empty for all
public record WebhooksModel(
    List<Place> endpoints,
    List<Arrival> deliveries,
    List<Refusal> refusals,
    String since,
    String trouble,
    String endpoint,
    String outcome) {

  /// An endpoint.
  ///
  /// @param only which payments it takes; empty for all
  /// @param url what to register with the provider
  public record Place(
      String name,
      String provider,
      String account,
      String mode,
      String modeTone,
      String secrets,
      boolean published,
      String api,
      boolean refunds,
      String only,
      String url,
      String accepted) {}

  /// A delivery.
  public record Arrival(
      String at,
      String endpoint,
      String outcome,
      String tone,
      String type,
      String eventId,
      String origin,
      String bytes,
      String took) {}

  /// How often deliveries were refused for one reason, and what to do about it.
  public record Refusal(String endpoint, String reason, String count, String advice) {}

  /// A sample that was delivered.
  public record Shown(
      String endpoint,
      boolean good,
      String verdict,
      String request,
      String requestBody,
      String answer,
      String answerBody) {}

  static WebhooksModel away(String trouble) {
    return new WebhooksModel(List.of(), List.of(), List.of(), "", trouble, "", "");
  }

  static WebhooksModel of(
      List<Endpoint> endpoints,
      Deliveries deliveries,
      String webhooksUrl,
      String endpoint,
      String outcome) {
    return new WebhooksModel(
        endpoints.stream().map(it -> place(it, deliveries, webhooksUrl)).toList(),
        deliveries.deliveries().stream().map(WebhooksModel::arrival).toList(),
        deliveries.counts().stream()
            .filter(count -> !count.outcome().equals("accepted"))
            .sorted(Comparator.comparingLong(Count::count).reversed())
            .map(WebhooksModel::refusal)
            .toList(),
        Labels.time(deliveries.since()),
        "",
        endpoint,
        outcome);
  }

  private static Place place(Endpoint endpoint, Deliveries deliveries, String webhooksUrl) {
    long accepted =
        deliveries.counts().stream()
            .filter(count -> count.endpoint().equals(endpoint.name()))
            .filter(count -> count.outcome().equals("accepted"))
            .mapToLong(Count::count)
            .sum();
    return new Place(
        endpoint.name(),
        endpoint.provider(),
        endpoint.account(),
        endpoint.mode(),
        endpoint.mode().equals("live") ? "good" : "wait",
        Integer.toString(endpoint.secrets()),
        endpoint.publishedSecrets(),
        switch (endpoint.apiAccess()) {
          case "key" -> "key set";
          case "no_key" -> "no key";
          default -> "not used";
        },
        endpoint.refunds(),
        String.join(", ", endpoint.only()),
        webhooksUrl + endpoint.path(),
        Labels.number(accepted));
  }

  private static Arrival arrival(Delivery delivery) {
    return new Arrival(
        Labels.time(delivery.at()),
        delivery.endpoint(),
        Labels.plain(delivery.outcome()),
        tone(delivery),
        Objects.requireNonNullElse(delivery.type(), Labels.NOTHING),
        Objects.requireNonNullElse(delivery.eventId(), Labels.NOTHING),
        delivery.origin(),
        Labels.number(delivery.bytes()),
        String.format(Locale.ROOT, "%.1f ms", delivery.durationMs()));
  }

  private static String tone(Delivery delivery) {
    if (delivery.outcome().equals("accepted")) {
      return "good";
    }
    return delivery.status() >= 500 ? "bad" : "wait";
  }

  private static Refusal refusal(Count count) {
    return new Refusal(
        count.endpoint(),
        Labels.plain(count.outcome()),
        Labels.number(count.count()),
        advice(count.outcome()));
  }

  /// What is usually behind it. The words are ingest-service's, which may learn new ones.
  private static String advice(String outcome) {
    return switch (outcome) {
      case "signature_missing" -> "Not from the provider, or a proxy drops its header.";
      case "signature_malformed" ->
          "The header isn't of the provider's form: another provider's URL?";
      case "signature_wrong" ->
          "Another secret than the provider's, or a proxy that rewrites the body.";
      case "signature_stale", "signature_early" ->
          "A clock is off by more than five minutes, ours or a replayer's.";
      case "unknown_endpoint" -> "Registered with a URL that no endpoint has.";
      case "method_not_allowed" -> "A browser or a scanner: webhooks come by POST.";
      case "body_too_large", "headers_too_large", "body_too_slow" ->
          "No provider sends that: a scanner, or a proxy in between.";
      case "overloaded" -> "More large bodies at once than are held; the provider sends it again.";
      case "no_key_yet" -> "The signature's key is being fetched; the provider sends it again.";
      case "overflow", "no_ack", "refused" ->
          "The brokers didn't take it in time; the provider sends it again.";
      case "declined" -> "The endpoint's policy says no to such questions.";
      case "defect" -> "A defect of ours; the log says more.";
      default -> "";
    };
  }

  static Shown shown(String endpoint, Trial trial) {
    int status = trial.answer().status();
    boolean good = status == 200;
    return new Shown(
        endpoint,
        good,
        good
            ? "The endpoint works: signature, brokers and answer are in order."
            : "The endpoint answered with " + status + ".",
        trial.request().method()
            + " "
            + trial.request().path()
            + headers(trial.request().headers()),
        trial.request().body(),
        status
            + String.format(Locale.ROOT, " after %.1f ms", trial.answer().durationMs())
            + headers(trial.answer().headers()),
        trial.answer().body());
  }

  private static String headers(Map<String, String> headers) {
    return headers.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(header -> "\n" + header.getKey() + ": " + header.getValue())
        .collect(Collectors.joining());
  }
}
