package dev.quittance.access;

import dev.quittance.contracts.UnreadableEvent;
import dev.quittance.contracts.WireFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what stands in requests, in every service alike.
public final class RequestReader {

  /// The same key again, and another request.
  public static final Problem KEY_REUSED =
      Problem.of(
          422, "idempotency_key_reused", "This Idempotency-Key was used for another request.");

  /// As in the draft of the header's specification: visible ASCII, and no more than an id is long.
  private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

  private static final byte[] NOTHING = {'{', '}'};

  private RequestReader() {}

  /// @throws RefusedRequest with 400
  public static @Nullable String idempotencyKey(@Nullable String header) {
    if (header != null && !IDEMPOTENCY_KEY.matcher(header).matches()) {
      throw Problem.badRequest("Idempotency-Key has 1 to 255 visible ASCII characters.");
    }
    return header;
  }

  /// A body of JSON, whatever type the client says it is of; an empty one says nothing more than
  /// the path.
  ///
  /// @param otherwise what to say where it isn't of the shape
  /// @throws RefusedRequest with 400
  public static <T> T body(byte @Nullable [] body, Class<T> shape, String otherwise) {
    try {
      return WireFormat.readRequest(body == null || body.length == 0 ? NOTHING : body, shape);
    } catch (UnreadableEvent e) {
      throw Problem.badRequest(otherwise);
    }
  }
}
