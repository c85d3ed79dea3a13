package dev.quittance.messaging.deadletter;

import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.Topic;
import dev.quittance.messaging.deadletter.DeadLetterContent.Header;
import dev.quittance.messaging.deadletter.StoredDeadLetter.How;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Origin;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Settled;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// Where people look through the dead letters, send them back and discard them. What became of a
/// letter is written beside it on its own topic, so that all desks agree. Safe for several threads;
/// opens its connections when it is first used.
///
/// Sending back is acknowledged before the letter is marked: a crash between the two leaves it open
/// and may have it sent twice, which changes nothing downstream.
public final class DeadLetterService implements AutoCloseable {

  /// A page of a list that people read.
  public static final int PAGE_MAX = 500;

  /// Some 400 bytes each, so 40 MB: more open letters than that are a defect and not a heap to look
  /// through.
  private static final int LETTERS_MAX = 100_000;

  /// Enough to be quick, few enough to hold the contents of.
  private static final int AT_ONCE = 50;

  /// Who settles is a name, not a letter of its own.
  private static final int BY_LENGTH_MAX = 100;

  private final DeadLetterTopics topics;
  private final DeadLetterProducer sender;
  private final DeadLetterIndex index;
  private final Clock clock;

  private DeadLetterService(
      Map<String, Object> client,
      Collection<String> deadLetterTopics,
      int lettersMax,
      Clock clock) {
    this.topics = new DeadLetterTopics(client);
    this.sender = new DeadLetterProducer(client);
    this.index = new DeadLetterIndex(List.copyOf(deadLetterTopics), lettersMax);
    this.clock = clock;
  }

  /// One for all of Quittance's dead letters.
  ///
  /// @param client the brokers' address and whatever else a Kafka client needs here
  public static DeadLetterService over(Map<String, Object> client, Clock clock) {
    return over(client, topics(), clock);
  }

  /// One for the dead letters on these topics.
  public static DeadLetterService over(
      Map<String, Object> client, Collection<String> deadLetterTopics, Clock clock) {
    return over(client, deadLetterTopics, LETTERS_MAX, clock);
  }

  /// @param lettersMax how many letters are held at most
  public static DeadLetterService over(
      Map<String, Object> client,
      Collection<String> deadLetterTopics,
      int lettersMax,
      Clock clock) {
    return new DeadLetterService(client, deadLetterTopics, lettersMax, clock);
  }

  /// The dead-letter topics of all consumer groups.
  public static List<String> topics() {
    return Topic.all().stream()
        .map(Topic.Spec::name)
        .filter(name -> name.endsWith(".dlq"))
        .toList();
  }

  /// A page of letters, the newest first.
  ///
  /// @param limit at most [#PAGE_MAX]
  /// @param after the [DeadLetterPage#next] of the page before, null for the first
  /// @throws DeskUnavailable when the brokers don't answer
  public synchronized DeadLetterPage list(
      DeadLetterFilter filter, int limit, @Nullable DeadLetterId after) {
    index.refresh(topics);
    List<StoredDeadLetter> taken = index.taken(filter);
    int from = after == null ? 0 : behind(taken, after);
    int to = Math.min(taken.size(), from + Math.clamp(limit, 1, PAGE_MAX));
    DeadLetterId next = to < taken.size() ? taken.get(to - 1).id() : null;
    return new DeadLetterPage(taken.subList(from, to), taken.size(), next, index.forgotten());
  }

  /// The last of the page before may have been settled meanwhile, so its place counts.
  private int behind(List<StoredDeadLetter> taken, DeadLetterId after) {
    Optional<StoredDeadLetter> last = index.find(after);
    if (last.isEmpty()) {
      return taken.size();
    }
    int from = 0;
    while (from < taken.size() && DeadLetterIndex.ORDER.compare(taken.get(from), last.get()) <= 0) {
      from++;
    }
    return from;
  }

  /// A letter with what the record held.
  ///
  /// @throws DeskUnavailable when the brokers don't answer
  public synchronized Optional<DeadLetterContent> show(DeadLetterId id) {
    index.refresh(topics);
    return index
        .find(id)
        .flatMap(letter ->
            Optional.ofNullable(sources(List.of(letter)).get(id))
                .map(source -> content(letter, source)));
  }

  private static DeadLetterContent content(StoredDeadLetter letter, Source source) {
    ConsumerRecord<byte[], byte[]> shown = source.record == null ? source.letter : source.record;
    return new DeadLetterContent(
        letter,
        shown.key(),
        Arrays.stream(shown.headers().toArray())
            .filter(header -> !DeadLetterFormat.isOurs(header))
            .map(header -> new Header(header.key(), header.value()))
            .toList(),
        shown.value(),
        source.record == null ? source.missing : null);
  }

  /// What stands on the dead-letter topic, and the record that it is about or why that can't be
  /// had.
  private record Source(
      ConsumerRecord<byte[], byte[]> letter,
      @Nullable ConsumerRecord<byte[], byte[]> record,
      String missing) {}

  /// Of each letter that is still there.
  private Map<DeadLetterId, Source> sources(List<StoredDeadLetter> letters) {
    var found = topics.at(letters.stream().map(StoredDeadLetter::id).toList());
    var elsewhere =
        topics.at(
            letters.stream()
                .filter(letter -> !letter.whole())
                .flatMap(letter -> atOrigin(letter).stream())
                .toList());
    var sources = new HashMap<DeadLetterId, Source>();
    for (StoredDeadLetter letter : letters) {
      ConsumerRecord<byte[], byte[]> here = found.get(letter.id());
      if (here != null) {
        sources.put(letter.id(), source(letter, here, elsewhere));
      }
    }
    return sources;
  }

  private static Optional<DeadLetterId> atOrigin(StoredDeadLetter letter) {
    return Optional.ofNullable(letter.origin())
        .map(origin -> new DeadLetterId(origin.topic(), origin.partition(), origin.offset()));
  }

  private static Source source(
      StoredDeadLetter letter,
      ConsumerRecord<byte[], byte[]> here,
      Map<DeadLetterId, ConsumerRecord<byte[], byte[]>> elsewhere) {
    if (letter.whole()) {
      return new Source(here, here, "");
    }
    ConsumerRecord<byte[], byte[]> there = atOrigin(letter).map(elsewhere::get).orElse(null);
    if (there == null) {
      return new Source(
          here, null, "It was too large for a dead letter, and its topic keeps it no longer.");
    }
    return DeadLetterFormat.isLeftOutOf(here, there)
        ? new Source(here, there, "")
        : new Source(
            here, null, "It was too large for a dead letter, and something else is in its place.");
  }

  /// Sends the record of one letter back to where it came from.
  ///
  /// @param by who asks for it
  /// @throws DeskUnavailable when the brokers don't answer; the letter stays open
  public DeadLetterResult redrive(DeadLetterId id, String by) {
    return settle(List.of(id), How.REDRIVEN, by).getFirst();
  }

  /// Marks one letter as needing nothing.
  ///
  /// @param by who says so
  /// @throws DeskUnavailable when the brokers don't answer; the letter stays open
  public DeadLetterResult discard(DeadLetterId id, String by) {
    return settle(List.of(id), How.DISCARDED, by).getFirst();
  }

  /// Sends back what a filter takes and is open now, the oldest first. What comes back as a new
  /// letter meanwhile is not sent again. An interrupted thread stops after the letters at hand.
  ///
  /// @throws DeskUnavailable when the brokers don't answer; the rest stays open
  public RedriveCounts redriveAll(
      DeadLetterFilter filter, String by, RedriveCounts.Progress progress) {
    return settleAll(filter, How.REDRIVEN, by, progress);
  }

  /// Discards what a filter takes and is open now.
  ///
  /// @throws DeskUnavailable when the brokers don't answer; the rest stays open
  public RedriveCounts discardAll(
      DeadLetterFilter filter, String by, RedriveCounts.Progress progress) {
    return settleAll(filter, How.DISCARDED, by, progress);
  }

  private RedriveCounts settleAll(
      DeadLetterFilter filter, How how, String by, RedriveCounts.Progress progress) {
    List<DeadLetterId> open = open(filter);
    int settled = 0;
    int before = 0;
    var refused = new ArrayList<RedriveCounts.Refusal>();
    for (int from = 0;
        from < open.size() && !Thread.currentThread().isInterrupted();
        from += AT_ONCE) {
      List<DeadLetterId> some = open.subList(from, Math.min(open.size(), from + AT_ONCE));
      List<DeadLetterResult> settlements = settle(some, how, by);
      for (int i = 0; i < some.size(); i++) {
        switch (settlements.get(i)) {
          case DeadLetterResult.Redriven _, DeadLetterResult.Discarded _ -> settled++;
          case DeadLetterResult.SettledBefore _, DeadLetterResult.Unknown _ -> before++;
          case DeadLetterResult.Refused(var why) ->
              refused.add(new RedriveCounts.Refusal(some.get(i), why));
        }
      }
      progress.done(from + some.size(), open.size());
    }
    return new RedriveCounts(settled, before, refused);
  }

  private synchronized List<DeadLetterId> open(DeadLetterFilter filter) {
    index.refresh(topics);
    return index.taken(filter).stream()
        .filter(StoredDeadLetter::open)
        .sorted(DeadLetterIndex.ORDER.reversed())
        .map(StoredDeadLetter::id)
        .toList();
  }

  /// @return what came of each, in their order
  private synchronized List<DeadLetterResult> settle(List<DeadLetterId> ids, How how, String by) {
    index.refresh(topics);
    var settlements = new HashMap<DeadLetterId, DeadLetterResult>();
    var open = new ArrayList<StoredDeadLetter>();
    for (DeadLetterId id : ids) {
      StoredDeadLetter letter = index.find(id).orElse(null);
      if (letter == null) {
        settlements.put(id, new DeadLetterResult.Unknown());
      } else if (letter.standing() instanceof Settled before) {
        settlements.put(id, new DeadLetterResult.SettledBefore(before));
      } else {
        open.add(letter);
      }
    }
    switch (how) {
      case REDRIVEN -> settlements.putAll(redrive(open));
      case DISCARDED ->
          open.forEach(letter -> settlements.put(letter.id(), new DeadLetterResult.Discarded()));
    }
    mark(
        open.stream()
            .map(StoredDeadLetter::id)
            .filter(id ->
                settlements.get(id) instanceof DeadLetterResult.Redriven
                    || settlements.get(id) instanceof DeadLetterResult.Discarded)
            .toList(),
        how,
        by);
    return ids.stream().map(id -> Objects.requireNonNull(settlements.get(id))).toList();
  }

  private Map<DeadLetterId, DeadLetterResult> redrive(List<StoredDeadLetter> letters) {
    Map<DeadLetterId, Source> sources = sources(letters);
    Map<String, Long> partitions =
        topics.partitionCounts(
            letters.stream()
                .flatMap(letter -> atOrigin(letter).stream())
                .map(DeadLetterId::topic)
                .collect(Collectors.toSet()));
    var settlements = new HashMap<DeadLetterId, DeadLetterResult>();
    var going = new ArrayList<DeadLetterId>();
    var records = new ArrayList<ProducerRecord<byte[], byte[]>>();
    for (StoredDeadLetter letter : letters) {
      Source source = sources.get(letter.id());
      Origin origin = letter.origin();
      if (source == null) {
        settlements.put(letter.id(), new DeadLetterResult.Unknown());
      } else if (origin == null) {
        settlements.put(
            letter.id(), new DeadLetterResult.Refused("It doesn't say where the record was."));
      } else if (source.record == null) {
        settlements.put(letter.id(), new DeadLetterResult.Refused(source.missing));
      } else if (!partitions.containsKey(origin.topic())) {
        settlements.put(
            letter.id(),
            new DeadLetterResult.Refused("There is no topic " + origin.topic() + " any more."));
      } else {
        going.add(letter.id());
        // where it was, unless the topic was made anew with fewer partitions
        boolean there = origin.partition() < partitions.get(origin.topic());
        records.add(
            DeadLetterFormat.redriven(
                origin.topic(),
                there ? origin.partition() : null,
                source.record.key(),
                source.record.headers(),
                source.record.value()));
      }
    }
    List<Optional<RecordMetadata>> sent = sender.send(records);
    for (int i = 0; i < going.size(); i++) {
      settlements.put(
          going.get(i),
          sent.get(i)
              .<DeadLetterResult>map(
                  at -> new DeadLetterResult.Redriven(at.topic(), at.partition(), at.offset()))
              .orElseGet(() ->
                  new DeadLetterResult.Refused("The record is larger than the brokers take.")));
    }
    return settlements;
  }

  private void mark(List<DeadLetterId> letters, How how, String by) {
    String name = by.isBlank() ? "unknown" : by.strip();
    var settled = new Settled(how, clock.instant(), CodePoints.cut(name, BY_LENGTH_MAX));
    sender.send(letters.stream().map(id -> DeadLetterFormat.marker(id, settled)).toList());
    letters.forEach(id -> index.settle(id, settled));
  }

  @Override
  public synchronized void close() {
    topics.close();
    sender.close();
  }
}
