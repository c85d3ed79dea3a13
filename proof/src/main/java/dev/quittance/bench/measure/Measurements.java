package dev.quittance.bench.measure;

import java.util.List;

/// All of them, in the order in which they are made.
public final class Measurements {

  private Measurements() {}

  public static List<Measurement> all() {
    return List.of(
        new Ingest(),
        new EndToEnd(),
        new Cost(),
        new Translate(),
        new FulfillmentIntake(),
        new ReceiptIntake(),
        new Mails(),
        new StartUp(),
        new Growth(),
        new StackStart());
  }
}
