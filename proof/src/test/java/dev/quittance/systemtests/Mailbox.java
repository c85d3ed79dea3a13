package dev.quittance.systemtests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackPorts;
import java.net.URI;
import java.util.List;
import java.util.stream.StreamSupport;

/// The customers' mailboxes.
final class Mailbox {

  private final URI sandbox;

  Mailbox(StackPorts ports) {
    sandbox = ports.url(Service.SANDBOX);
  }

  /// The mails that have arrived for this address.
  List<JsonNode> of(String email) {
    JsonNode messages =
        Http.get(sandbox.resolve("/mailbox/messages?to=" + Http.escaped(email)))
            .body()
            .path("messages");
    return StreamSupport.stream(messages.spliterator(), false).toList();
  }
}
