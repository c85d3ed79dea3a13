package dev.quittance.fulfillment.persistence;

import dev.quittance.contracts.OrderId;
import dev.quittance.contracts.OrderView;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A page of a list of orders, and where the next begins, if there is one.
public record OrderSlice(List<OrderView> orders, @Nullable Place next) {

  public OrderSlice {
    orders = List.copyOf(orders);
  }

  /// A place in the list: after this order. Orders that come or go elsewhere don't shift it.
  public record Place(Instant placedAt, OrderId id) {

    /// As it is handed out: opaque.
    public String text() {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString((placedAt + "|" + id).getBytes(StandardCharsets.UTF_8));
    }

    /// What was handed out; none when it wasn't by us.
    public static Optional<Place> read(String text) {
      try {
        String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
        int bar = plain.indexOf('|');
        if (bar < 0) {
          return Optional.empty();
        }
        Instant placedAt = Instant.parse(plain.substring(0, bar));
        return StorableTime.covers(placedAt)
            ? Optional.of(new Place(placedAt, new OrderId(plain.substring(bar + 1))))
            : Optional.empty();
      } catch (IllegalArgumentException | DateTimeException e) {
        return Optional.empty();
      }
    }
  }
}
