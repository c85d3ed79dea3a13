package dev.quittance.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;

class RoundTripsTest {

  @Test
  void eachStatementThatIsWaitedForIsOneRoundTrip() throws Exception {
    DatabaseAddress address = LocalPostgres.shared().createDatabase("roundtrips");
    int port = URI.create(address.jdbcUrl().substring("jdbc:".length())).getPort();

    try (var counter = new RoundTrips(port);
        var connection =
            DriverManager.getConnection(
                address.jdbcUrl().replace(":" + port + "/", ":" + counter.port() + "/"),
                address.user(),
                address.password());
        var statement = connection.prepareStatement("SELECT 40 + ?")) {
      for (int asked = 1; asked <= 3; asked++) {
        long before = counter.count();
        statement.setInt(1, asked);
        try (var row = statement.executeQuery()) {
          assertThat(row.next()).isTrue();
          assertThat(row.getInt(1)).isEqualTo(40 + asked);
        }
        assertThat(counter.count() - before).isEqualTo(1);
      }
    }
  }
}
