package dev.quittance.console.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.console.Labels;
import dev.quittance.messaging.deadletter.DeadLetterContent;
import dev.quittance.messaging.deadletter.DeadLetterPage;
import dev.quittance.messaging.deadletter.StoredDeadLetter;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Open;
import dev.quittance.messaging.deadletter.StoredDeadLetter.Settled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What the page of dead letters says, in its words.
///
/// @param topic the filter; empty for all, like the reason
/// @param next where the next page begins; empty on the last
/// @param trouble why nothing is known; empty when it is
public record DeadLettersModel(
    List<Row> messages,
    String total,
    boolean forgotten,
    String topic,
    String reason,
    boolean settledToo,
    String next,
    List<String> topics,
    List<String> reasons,
    String trouble) {

  /// A message without its content.
  public record Row(
      String id,
      String at,
      String reason,
      String detail,
      String origin,
      String group,
      String event,
      String key,
      String bytes,
      boolean open,
      String standing) {}

  /// A message with its content.
  public record Whole(
      Row row, List<Head> headers, String body, boolean binary, boolean cut, String missing) {

    @Override
    public String toString() {
      return "Whole[" + row.id() + "]";
    }
  }

  /// A header of the record.
  public record Head(String name, String value) {}

  /// The largest webhook.
  private static final int SHOWN_BYTES_MAX = 262_144;

  /// A glance at what isn't text.
  private static final int BINARY_BYTES_SHOWN = 1_024;

  static DeadLettersModel of(
      DeadLetterPage page,
      String topic,
      String reason,
      boolean settledToo,
      List<String> topics,
      List<String> reasons) {
    return new DeadLettersModel(
        page.letters().stream().map(DeadLettersModel::row).toList(),
        Labels.number(page.total()),
        page.forgotten() > 0,
        topic,
        reason,
        settledToo,
        page.next() == null ? "" : page.next().toString(),
        topics,
        reasons,
        "");
  }

  static DeadLettersModel away(String trouble) {
    return new DeadLettersModel(
        List.of(), "0", false, "", "", false, "", List.of(), List.of(), trouble);
  }

  static Row row(StoredDeadLetter message) {
    return new Row(
        message.id().toString(),
        Labels.time(message.at()),
        Labels.plain(message.reason()),
        message.detail(),
        message.origin() == null ? "It doesn't say" : message.origin().toString(),
        Objects.requireNonNullElse(message.group(), Labels.NOTHING),
        Objects.requireNonNullElse(message.eventType(), Labels.NOTHING),
        Objects.requireNonNullElse(message.key(), Labels.NOTHING),
        Labels.number(message.bytes()),
        message.open(),
        switch (message.standing()) {
          case Open() -> "open";
          case Settled(var how, var at, var by) ->
              how.wireName() + " by " + by + ", " + Labels.time(at);
        });
  }

  static Whole whole(DeadLetterContent content) {
    byte[] value = Objects.requireNonNullElse(content.value(), new byte[0]);
    int shown = Math.min(value.length, SHOWN_BYTES_MAX);
    @Nullable String text = text(value, shown);
    return new Whole(
        row(content.letter()),
        content.headers().stream()
            .map(header ->
                new Head(
                    header.name(),
                    header.value() == null ? Labels.NOTHING : new String(header.value(), UTF_8)))
            .toList(),
        text == null ? hex(value) : text,
        text == null,
        shown < value.length,
        Objects.requireNonNullElse(content.missing(), ""));
  }

  /// As text, where it is any. A cut may split the last character: that alone makes it no binary.
  private static @Nullable String text(byte[] value, int shown) {
    try {
      return shown < value.length
          ? new String(value, 0, shown, UTF_8)
          : UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static String hex(byte[] value) {
    var lines = new StringBuilder();
    for (int i = 0; i < Math.min(value.length, BINARY_BYTES_SHOWN); i++) {
      lines.append(String.format("%02x", value[i])).append(i % 16 == 15 ? '\n' : ' ');
    }
    return lines.toString();
  }
}
