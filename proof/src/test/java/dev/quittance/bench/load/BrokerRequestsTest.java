package dev.quittance.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.testkit.LocalKafka;
import org.junit.jupiter.api.Test;

class BrokerRequestsTest {

  @Test
  void eachRequestIsCountedUnderItsKind() throws Exception {
    LocalKafka kafka = LocalKafka.shared();
    try (var requests = new BrokerRequests(kafka.pid());
        var admin = kafka.admin()) {
      long before = described(requests);

      assertThat(admin.describeCluster().nodes().get()).isNotEmpty();
      long once = described(requests);
      assertThat(admin.describeCluster().nodes().get()).isNotEmpty();

      assertThat(once).isGreaterThan(before);
      assertThat(described(requests) - once).isEqualTo(1);
      assertThat(requests.counts()).doesNotContainKeys("FetchConsumer", "FetchFollower");
    }
  }

  private static long described(BrokerRequests requests) {
    return requests.counts().getOrDefault("DescribeCluster", 0L);
  }
}
