package dev.quittance.simulation;

/// The simulated topics.
final class Names {

  static final String WEBHOOKS = "webhooks";
  static final String RETRIES = "retries";
  static final String PAYMENTS = "payments";
  static final String EVENTS = "events";
  static final String STATES = "states";
  static final String COMMANDS = "commands";
  static final String RECEIPTS = "receipts";

  private Names() {}
}
