package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import dev.quittance.testkit.Service;
import dev.quittance.testkit.StackFault;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Examines whether a service is there, is itself, and is ready.
final class ServiceExam {

  private final Service service;
  private final URI url;
  private final ServiceClient services;
  private @Nullable Instant itsTime;

  ServiceExam(Service service, URI url, ServiceClient services) {
    this.service = service;
    this.url = url;
    this.services = services;
  }

  Finding finding() {
    String part = service.module();
    ServiceClient.Answer answer;
    try {
      // its own port for health isn't reached from elsewhere
      answer = services.get(service, service.managed() ? "/readiness" : "/q/health/ready");
    } catch (StackFault _) {
      return Finding.fault(
          part,
          "nothing answers at " + url,
          "On a laptop: ./quittance up; if it said so, the log is .quittance/logs/"
              + part
              + ".log. Elsewhere: check the address.");
    }
    itsTime = answer.date().orElse(null);
    String status = answer.body().path("status").asText();
    if (status.equals("UP")) {
      return Finding.ok(part, "ready at " + url);
    }
    if (status.equals("DOWN")) {
      var down = new ArrayList<String>();
      for (JsonNode check : answer.body().path("checks")) {
        if (check.path("status").asText().equals("DOWN")) {
          down.add(Output.plain(check.path("name").asText()));
        }
      }
      return Finding.fault(
          part,
          "not ready at " + url + ": " + String.join(", ", down),
          "What it lacks is named; other findings say more. Its log has the rest.");
    }
    if (answer.status() == 401 || answer.status() == 403) {
      return Finding.doubtful(
          part,
          "it is there, at " + url + ", and tells strangers nothing",
          "Set " + Addresses.tokenVariable(service).orElse("what it asks for") + " to its token.");
    }
    return Finding.fault(
        part,
        "something else listens at " + url + " (it answered " + answer.status() + ")",
        "Stop it, or take other ports: ./quittance up --port-offset 100.");
  }

  /// What its clock said, if it tells.
  Optional<Instant> itsTime() {
    return Optional.ofNullable(itsTime);
  }
}
