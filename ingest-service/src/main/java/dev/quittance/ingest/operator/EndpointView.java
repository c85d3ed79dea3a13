package dev.quittance.ingest.operator;

import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Provider;
import java.util.List;
import java.util.Locale;

/// An endpoint as it may be shown: how many secrets it has, and none of them.
///
/// @param reference what the reference of its payments names: `free` or `order`
/// @param path where its provider posts to, below this service's address
/// @param secrets how many are valid now
/// @param publishedSecrets whether they are the local defaults, which everybody knows
/// @param apiAccess `none` (nothing of the provider's API is used), `no_key` or `key`
/// @param refunds whether refunds can be asked for here
/// @param connectedAccounts whether payments of connected accounts are taken
/// @param only the conditions that a payment has to meet to be taken; empty where all are
/// @param eventsToRegister the provider's event types that it has to send here; empty where one
///   can't choose
record EndpointView(
    String name,
    String provider,
    String account,
    String mode,
    String ordersFrom,
    String reference,
    String path,
    int secrets,
    boolean publishedSecrets,
    String apiAccess,
    boolean refunds,
    boolean connectedAccounts,
    List<String> only,
    List<String> eventsToRegister) {

  static EndpointView of(Endpoint endpoint, Provider provider, boolean published) {
    return new EndpointView(
        endpoint.name(),
        endpoint.provider(),
        endpoint.account(),
        word(endpoint.mode()),
        word(endpoint.ordersFrom()),
        word(endpoint.reference()),
        EndpointTester.PATH + endpoint.name(),
        endpoint.secrets().size(),
        published,
        word(provider.apiAccess(endpoint)),
        provider.refunds(endpoint).isPresent(),
        provider.takesConnectedAccounts(endpoint),
        provider.takesOnly(endpoint),
        provider.eventsToRegister(endpoint));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
