package dev.quittance.sandbox;

import dev.quittance.sandbox.delivery.Deliveries;
import dev.quittance.sandbox.delivery.RegisteredEndpoints;
import dev.quittance.sandbox.documents.DocumentStore;
import dev.quittance.sandbox.events.Ids;
import dev.quittance.sandbox.paysuper.PaySuperProject;
import dev.quittance.sandbox.settings.SandboxSettings;
import dev.quittance.sandbox.standard.OwnSystem;
import dev.quittance.sandbox.stripe.StripeAccount;
import dev.quittance.sandbox.stripe.StripeRecords;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/// Puts the sandbox together.
final class Sandbox {

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Ids ids() {
    return new Ids(new SecureRandom());
  }

  @Produces
  @Singleton
  DocumentStore documents(SandboxSettings settings) {
    return new DocumentStore(settings.data().resolve("books.jsonl"));
  }

  void close(@Disposes DocumentStore documents) {
    documents.close();
  }

  @Produces
  @Singleton
  RegisteredEndpoints registeredEndpoints(SandboxSettings settings) {
    return new RegisteredEndpoints(
        new DocumentStore(settings.data().resolve("webhook-endpoints.jsonl")));
  }

  void close(@Disposes RegisteredEndpoints endpoints) {
    endpoints.close();
  }

  @Produces
  @Singleton
  Deliveries deliveries(SandboxSettings settings, RegisteredEndpoints registered, Clock clock) {
    return Deliveries.open(settings, registered, clock, new SecureRandom());
  }

  void close(@Disposes Deliveries deliveries) {
    deliveries.close();
  }

  @Produces
  @Singleton
  StripeAccount stripe(DocumentStore documents, Ids ids, Clock clock, SandboxSettings settings) {
    return new StripeAccount(documents, ids, clock, settings.publicUrl().toString());
  }

  @Produces
  @Singleton
  StripeRecords stripeRecords(DocumentStore documents) {
    return new StripeRecords(documents);
  }

  @Produces
  @Singleton
  PaySuperProject paySuper(
      DocumentStore documents, Ids ids, Clock clock, SandboxSettings settings) {
    return new PaySuperProject(documents, ids, clock, settings.publicUrl().toString());
  }

  @Produces
  @Singleton
  OwnSystem ownSystem(DocumentStore documents, Ids ids, Clock clock) {
    return new OwnSystem(documents, ids, clock);
  }
}
