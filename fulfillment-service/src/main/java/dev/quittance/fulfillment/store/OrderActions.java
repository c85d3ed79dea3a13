package dev.quittance.fulfillment.store;

import dev.quittance.contracts.FulfillmentCommand;
import dev.quittance.contracts.OrderId;
import dev.quittance.fulfillment.store.Audit.Person;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Does to an order what somebody asks for, by a page or by REST: written down first, then decided,
/// then what came of it is written down.
@ApplicationScoped
public class OrderActions {

  private static final String REFUSED = "refused";

  private final CommandDesk desk;
  private final Audit audit;

  OrderActions(CommandDesk desk, Audit audit) {
    this.desk = desk;
    this.audit = audit;
  }

  /// Gives a command to an order, and the first answer again when the key is repeated.
  ///
  /// @param detail for the audit, without personal data
  /// @param key by which a repetition is known, if any
  /// @param answering makes the answer of what became of it
  /// @throws SQLException when the database is away
  public Answer command(
      Person person,
      OrderId order,
      FulfillmentCommand command,
      String detail,
      @Nullable String key,
      Function<Performed, Answer> answering)
      throws SQLException {
    long entry = audit.begin(person, word(command), order.value(), detail);
    Answer answer = desk.perform(order, command, source(person), key, answering);
    audit.end(entry, answer.status() < 300 ? Audit.DONE : REFUSED);
    return answer;
  }

  /// Forgets an order's customer, for good.
  ///
  /// @return whether there is such an order
  /// @throws SQLException when the database is away
  public boolean erase(Person person, OrderId order) throws SQLException {
    long entry = audit.begin(person, "customer.erased", order.value(), "");
    boolean known = desk.erase(order, person.name());
    audit.end(entry, known ? Audit.DONE : REFUSED);
    return known;
  }

  /// As the order's timeline names them: `/quittance/{door}/{name}`.
  private static String source(Person person) {
    return "/quittance/%s/%s"
        .formatted(
            person.door(),
            URLEncoder.encode(person.name(), StandardCharsets.UTF_8).replace("+", "%20"));
  }

  private static String word(FulfillmentCommand command) {
    return switch (command) {
      case FulfillmentCommand.Complete _ -> "order.fulfilled";
      case FulfillmentCommand.Hold _ -> "order.held";
      case FulfillmentCommand.Release _ -> "order.released";
      case FulfillmentCommand.Reverse _ -> "order.reversed";
    };
  }
}
