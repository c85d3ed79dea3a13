package dev.quittance.fulfillment.console.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.quittance.deadletters.Letter;
import dev.quittance.deadletters.Letter.Open;
import dev.quittance.deadletters.Letter.Settled;
import dev.quittance.deadletters.LetterContent;
import dev.quittance.deadletters.LetterPage;
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
public record LettersModel(
    List<Row> letters,
    String total,
    boolean forgotten,
    String topic,
    String reason,
    boolean settledToo,
    String next,
    List<String> topics,
    List<String> reasons,
    String trouble) {

  /// A letter without its content.
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

  /// A letter with its content.
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

  static LettersModel of(
      LetterPage page,
      String topic,
      String reason,
      boolean settledToo,
      List<String> topics,
      List<String> reasons) {
    return new LettersModel(
        page.letters().stream().map(LettersModel::row).toList(),
        Words.number(page.total()),
        page.forgotten() > 0,
        topic,
        reason,
        settledToo,
        page.next() == null ? "" : page.next().toString(),
        topics,
        reasons,
        "");
  }

  static LettersModel away(String trouble) {
    return new LettersModel(
        List.of(), "0", false, "", "", false, "", List.of(), List.of(), trouble);
  }

  static Row row(Letter letter) {
    return new Row(
        letter.id().toString(),
        Words.time(letter.at()),
        Words.plain(letter.reason()),
        letter.detail(),
        letter.origin() == null ? "It doesn't say" : letter.origin().toString(),
        Objects.requireNonNullElse(letter.group(), Words.NOTHING),
        Objects.requireNonNullElse(letter.eventType(), Words.NOTHING),
        Objects.requireNonNullElse(letter.key(), Words.NOTHING),
        Words.number(letter.bytes()),
        letter.open(),
        switch (letter.standing()) {
          case Open() -> "open";
          case Settled(var how, var at, var by) ->
              how.wireName() + " by " + by + ", " + Words.time(at);
        });
  }

  static Whole whole(LetterContent content) {
    byte[] value = Objects.requireNonNullElse(content.value(), new byte[0]);
    int shown = Math.min(value.length, SHOWN_BYTES_MAX);
    @Nullable String text = text(value, shown);
    return new Whole(
        row(content.letter()),
        content.headers().stream()
            .map(header ->
                new Head(
                    header.name(),
                    header.value() == null ? Words.NOTHING : new String(header.value(), UTF_8)))
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
