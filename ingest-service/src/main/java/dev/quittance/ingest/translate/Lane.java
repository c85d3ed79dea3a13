package dev.quittance.ingest.translate;

import dev.quittance.contracts.ConsumerGroup;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which of the retry topic's records one consumer group takes. It passes over the others: they are
/// another lane's.
sealed interface Lane {

  /// What the names of all lanes' groups start with.
  String GROUP_PREFIX = ConsumerGroup.TRANSLATE.groupName() + "-retry";

  /// The `group.id`: each lane stands where it stands, whatever holds up another.
  String group();

  /// For metrics.
  String endpoint();

  /// For metrics.
  String kind();

  /// How many questions are asked at a time.
  int questionsMax();

  /// @param endpoint null where a record doesn't say
  boolean takes(@Nullable String endpoint, LookUpKind kind);

  /// One kind of question to one endpoint's provider.
  record OfEndpoint(String endpoint, LookUpKind asked) implements Lane {

    @Override
    public String group() {
      return GROUP_PREFIX + "-" + endpoint + "-" + asked.word();
    }

    @Override
    public String kind() {
      return asked.word();
    }

    @Override
    public int questionsMax() {
      return asked.questionsMax();
    }

    @Override
    public boolean takes(@Nullable String endpoint, LookUpKind kind) {
      return this.endpoint.equals(endpoint) && asked == kind;
    }
  }

  /// What no endpoint asks for any more, because it is gone or has lost its key: that ends without
  /// a question.
  record OfNobody(Set<String> asking) implements Lane {

    public OfNobody {
      asking = Set.copyOf(asking);
    }

    @Override
    public String group() {
      return GROUP_PREFIX;
    }

    @Override
    public String endpoint() {
      return Outcome.NO_ENDPOINT;
    }

    @Override
    public String kind() {
      return "any";
    }

    @Override
    public int questionsMax() {
      return LookUpKind.PAYMENT.questionsMax();
    }

    @Override
    public boolean takes(@Nullable String endpoint, LookUpKind kind) {
      return endpoint == null || !asking.contains(endpoint);
    }
  }
}
