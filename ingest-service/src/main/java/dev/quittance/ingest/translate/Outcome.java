package dev.quittance.ingest.translate;

import dev.quittance.contracts.DeadLetter;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/// What becomes of one record. Every record ends as exactly one of these.
sealed interface Outcome {

  /// Where the endpoint can't be told.
  String NO_ENDPOINT = "none";

  /// The endpoint that the record came in by, for metrics.
  String endpoint();

  /// What has to be safe on its topics before the record may be acknowledged.
  List<ProducerRecord<byte[], byte[]>> records();

  /// It means something: here it is.
  record Translated(String endpoint, List<ProducerRecord<byte[], byte[]>> records)
      implements Outcome {
    public Translated {
      records = List.copyOf(records);
    }
  }

  /// The provider has to be asked (again), so it waits on the retry topic; what is known already
  /// goes out.
  record Asking(String endpoint, String why, List<ProducerRecord<byte[], byte[]>> records)
      implements Outcome {
    public Asking {
      records = List.copyOf(records);
    }
  }

  /// It is none of our business.
  ///
  /// @param records what an earlier revision made of it is withdrawn, where it may have
  record Ignored(String endpoint, String why, List<ProducerRecord<byte[], byte[]>> records)
      implements Outcome {
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
      implements Outcome {
    public Dead {
      withdrawal = List.copyOf(withdrawal);
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records() {
      return Stream.concat(Stream.of(envelope), withdrawal.stream()).toList();
    }
  }
}
