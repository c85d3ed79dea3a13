package dev.quittance.testkit;

import kafka.Kafka;
import kafka.tools.StorageTool;

/// What the broker's process runs: formats the data directory where that is still to be done, then
/// serves until it is stopped. One JVM for both, as each start of one costs about a second.
final class BrokerMain {

  /// Any id will do, as long as a data directory meets the same one at every start.
  private static final String CLUSTER_ID = "quittance-local-stack0";

  private BrokerMain() {}

  /// @param args the path of the broker's properties file
  public static void main(String[] args) {
    String settings = args[0];
    int result =
        StorageTool.execute(
            new String[] {"format", "--ignore-formatted", "-t", CLUSTER_ID, "-c", settings},
            System.out);
    if (result != 0) {
      System.exit(result);
    }
    Kafka.main(new String[] {settings});
  }
}
