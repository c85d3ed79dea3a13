package dev.quittance.ingest.endpoint;

import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;

/// Looks after mounted secrets, so that a rotation needs no restart.
@Singleton
final class SecretsWatch {

  private final Endpoints endpoints;

  SecretsWatch(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  @Scheduled(every = "${quittance.secrets.reload-every}")
  void look() {
    endpoints.reloadSecrets();
  }
}
