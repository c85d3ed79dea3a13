package dev.quittance.ingest.translate;

import dev.quittance.contracts.DeadLetter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What becomes of one record. Every record ends as exactly one of these.
sealed interface TranslationOutcome {

  /// Where nobody knows the endpoint.
  String NO_ENDPOINT = "none";

  /// The endpoint that the record came in by, for metrics.
  String endpoint();

  /// As logs, metrics and traces call it.
  default String word() {
    return switch (this) {
      case Translated _ -> "translated";
      case Asking _ -> "asking";
      case Ignored _ -> "ignored";
      case Dead _ -> "dead";
    };
  }

  /// Why, as a stable lower_snake word; empty for what needs no reason.
  String why();

  /// What has to be safe on its topics before the record may be acknowledged.
  List<ProducerRecord<byte[], byte[]>> records();

  /// The same, with what was known before and has to be safe as well.
  default TranslationOutcome after(List<ProducerRecord<byte[], byte[]>> before) {
    return switch (this) {
      case Translated(var endpoint, var records) ->
          new Translated(endpoint, together(before, records));
      case Asking(var endpoint, var why, var known, var waiting) ->
          new Asking(endpoint, why, together(before, known), waiting);
      case Ignored(var endpoint, var why, var records) ->
          new Ignored(endpoint, why, together(before, records));
      case Dead(var endpoint, var letter, var envelope, var withdrawal) ->
          new Dead(endpoint, letter, envelope, together(before, withdrawal));
    };
  }

  private static List<ProducerRecord<byte[], byte[]>> together(
      List<ProducerRecord<byte[], byte[]>> before, List<ProducerRecord<byte[], byte[]>> after) {
    return Stream.concat(before.stream(), after.stream()).toList();
  }

  /// It means something: here it is.
  record Translated(String endpoint, List<ProducerRecord<byte[], byte[]>> records)
      implements TranslationOutcome {
    public Translated {
      records = List.copyOf(records);
    }

    @Override
    public String why() {
      return "";
    }
  }

  /// The provider has to be asked (again), so it waits on the retry topic; what is known already
  /// goes out.
  ///
  /// @param waiting itself, as it waits
  record Asking(
      String endpoint, String why, List<ProducerRecord<byte[], byte[]>> known, RetryRecord waiting)
      implements TranslationOutcome {

    /// Why it is asked for the first time.
    static final String OPEN = "open";

    public Asking {
      known = List.copyOf(known);
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records() {
      return Stream.concat(known.stream(), Stream.of(waiting.outgoing())).toList();
    }
  }

  /// It is none of our business.
  ///
  /// @param records what an earlier revision made of it is withdrawn, where it may have
  record Ignored(String endpoint, String why, List<ProducerRecord<byte[], byte[]>> records)
      implements TranslationOutcome {
    public Ignored {
      records = List.copyOf(records);
    }
  }

  /// It can't be understood, and goes to where people look.
  ///
  /// @param withdrawal what an earlier revision made of it is withdrawn, where it may have
  record Dead(
      String endpoint,
      DeadLetter letter,
      ProducerRecord<byte[], byte[]> envelope,
      List<ProducerRecord<byte[], byte[]>> withdrawal)
      implements TranslationOutcome {
    public Dead {
      withdrawal = List.copyOf(withdrawal);
    }

    @Override
    public String why() {
      return letter.why().wireName();
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records() {
      return Stream.concat(Stream.of(envelope), withdrawal.stream()).toList();
    }
  }
}
