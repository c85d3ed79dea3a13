package dev.quittance.sandbox.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.JsonText;
import dev.quittance.sandbox.events.Provider;
import dev.quittance.sandbox.events.ProviderEvent;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// The endpoints that were registered at the pretended Stripe account through its API. As long as
/// there is one, Stripe's events go where they were asked for, signed with that endpoint's own
/// secret, and not to the endpoint that the sandbox has by its settings. Of several that asked for
/// an event, the newest gets it.
public final class RegisteredEndpoints implements AutoCloseable {

  private static final String ALL_TYPES = "*";

  private final DocumentStore documents;

  public RegisteredEndpoints(DocumentStore documents) {
    this.documents = documents;
  }

  /// Where an endpoint is, and what its deliveries are signed with.
  ///
  /// @param thin whether it gets thin events
  record Target(URI url, String secret, boolean thin) {

    @Override
    public String toString() {
      return "Target[" + url + ", …]";
    }
  }

  /// Keeps an endpoint, in place of what it was.
  ///
  /// @param endpoint as Stripe shows it when it is made: with its `secret`, and with `connect`
  ///   where it gets what happens in connected accounts
  public void put(ObjectNode endpoint) {
    documents.put(endpoint.path("id").asText(), endpoint);
  }

  /// A copy of an endpoint, with its secret.
  public Optional<ObjectNode> find(String id) {
    return documents.find(id).filter(RegisteredEndpoints::exists);
  }

  /// The ids of all of them, newest first.
  ///
  /// @param prefix `we_`, or that of event destinations
  public List<String> ids(String prefix) {
    return documents.newest(prefix, Integer.MAX_VALUE, RegisteredEndpoints::exists).stream()
        .map(endpoint -> endpoint.path("id").asText())
        .toList();
  }

  /// Whether an event is sent at all: yes, no, or by the sandbox's settings where nobody
  /// registered.
  Optional<Boolean> wanted(ProviderEvent event) {
    return ids("").isEmpty() ? Optional.empty() : Optional.of(target(event).isPresent());
  }

  /// Where an event of Stripe's goes, if anybody registered for it.
  Optional<Target> target(ProviderEvent event) {
    if (event.provider() != Provider.STRIPE) {
      return Optional.empty();
    }
    return documents.newest("", 1, endpoint -> exists(endpoint) && takes(endpoint, event)).stream()
        .map(endpoint ->
            new Target(
                URI.create(endpoint.path("url").asText()),
                endpoint.path("secret").asText(),
                endpoint.path("thin").asBoolean()))
        .findFirst();
  }

  private static boolean exists(ObjectNode endpoint) {
    return !endpoint.path("deleted").asBoolean();
  }

  private static boolean takes(ObjectNode endpoint, ProviderEvent event) {
    boolean ofAnother = JsonText.text(event.envelope(), "account") != null;
    if (!endpoint.path("status").asText().equals("enabled")
        || endpoint.path("connect").asBoolean() != ofAnother) {
      return false;
    }
    for (var type : endpoint.path("enabled_events")) {
      if (type.asText().equals(ALL_TYPES) || type.asText().equals(event.type())) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    documents.close();
  }
}
