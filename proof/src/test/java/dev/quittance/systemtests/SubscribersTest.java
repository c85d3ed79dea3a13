package dev.quittance.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.EventId;
import dev.quittance.contracts.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The examples that others start from ship what is due, and say so.
class SubscribersTest {

  private static final String COMPLETED = "dev.quittance.fulfillment.completed.v1";

  private final RunningStack stack = RunningStack.get();

  @TempDir private Path directory;

  @Test
  void theSubscriberInJavaShipsAnOrder() throws Exception {
    shipsAnOrder(Example.inJava(directory));
  }

  @Test
  void theSubscriberInNodeShipsAnOrder() throws Exception {
    shipsAnOrder(Example.inNode());
  }

  private void shipsAnOrder(Example example)
      throws IOException, InterruptedException, ExecutionException {
    // only what happens from now on: the orders of other tests are to stay as they are
    String group = "example-" + example.language();
    stack.topics().skipToEnd(group, Topic.FULFILLMENT_EVENTS);
    Path journal = directory.resolve("shipments.jsonl");
    try (var _ = example.start(stack.stack().kafka().bootstrapServers(), group, journal)) {
      Shop.Payment payment = stack.shop().payment();
      byte[] paid = stack.shop().completed(payment, "paid");

      assertThat(stack.webhooks().send(paid).status()).isEqualTo(200);
      assertThat(stack.webhooks().send(paid).status()).isEqualTo(200);

      stack.orders().await(payment.order(), "paid", "fulfilled");
      stack.topics().awaitDrained();
      assertThat(stack.topics().types(Topic.FULFILLMENT_EVENTS, payment.order()))
          .containsOnlyOnce(COMPLETED);
      List<CloudEvent> commands =
          stack.topics().of(Topic.FULFILLMENT_COMMANDS, payment.order()).stream()
              .map(Topics::event)
              .toList();
      assertThat(commands).isNotEmpty();
      assertThat(commands.stream().map(CloudEvent::id).distinct())
          .containsExactly(new EventId("shipping:" + payment.order() + "#2"));
      assertThat(Files.readString(journal)).contains(payment.order());
    }
  }
}
