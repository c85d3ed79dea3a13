package dev.quittance.contracts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestsAreReadExactlyTest {

  private static final Class<FulfillmentCommand.Complete> SHAPE = FulfillmentCommand.Complete.class;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"itmes\":[{\"id\":\"shirt\",\"quantity\":1}]}",
        "{\"items\":[{\"id\":\"shirt\",\"quantity\":1}],\"items\":[]}",
        "{\"items\":[{\"id\":\"shirt\",\"quantity\":1,\"color\":\"red\"}]}",
        "{}{\"items\":[{\"id\":\"shirt\",\"quantity\":1}]}",
        "{} nonsense"
      })
  void whatWouldBePassedOverIsRefused(String json) {
    assertThatExceptionOfType(UnreadableEvent.class)
        .isThrownBy(() -> WireFormat.readRequest(json.getBytes(UTF_8), SHAPE));
  }

  @Test
  void whatIsKnownIsRead() {
    byte[] json = "{\"items\":[{\"id\":\"shirt\",\"quantity\":1}]} ".getBytes(UTF_8);

    assertThat(WireFormat.readRequest(json, SHAPE)).isEqualTo(WireFormat.read(json, SHAPE));
  }

  @Test
  void anEventMayHaveMoreThanIsKnown() {
    assertThat(WireFormat.read("{\"itmes\":[]}".getBytes(UTF_8), SHAPE).items()).isEmpty();
  }
}
