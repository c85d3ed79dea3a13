package dev.quittance.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.quittance.contracts.Customer;
import java.util.Set;
import java.util.regex.Pattern;

/// JSON for a screen that others may look at: who somebody is stays out of it.
final class Masked {

  /// Whatever stands below these is about a person, in our words or a provider's.
  private static final Set<String> PERSONS =
      Set.of(
          "customer",
          "customer_details",
          "customer_email",
          "collected_information",
          "shipping",
          "shipping_details",
          "billing",
          "billing_details",
          "address",
          "email",
          "receipt_email",
          "name",
          "phone",
          "taxId",
          "tax_ids",
          "user",
          "metadata",
          "message");

  /// These lead back to nobody.
  private static final Set<String> HARMLESS = Set.of("country", "externalId", "verified");

  /// This has an address' shape, and is a mail's own name.
  private static final String MAIL_ID = "messageId";

  private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+\\.[^\\s@]+");

  private Masked() {}

  static JsonNode of(JsonNode document) {
    JsonNode copy = document.deepCopy();
    return masked(copy, false);
  }

  /// A document that is about nothing but what nobody else may know.
  static JsonNode wholly(JsonNode document) {
    return masked(document.deepCopy(), true);
  }

  private static JsonNode masked(JsonNode node, boolean person) {
    switch (node) {
      // a price is nobody's, whatever it is the price of
      case ObjectNode object when object.has("minorUnits") && object.has("currency") -> {}
      case ObjectNode object ->
          object.properties().stream()
              .filter(field -> person || !field.getKey().equals(MAIL_ID))
              .forEach(field ->
                  field.setValue(
                      masked(
                          field.getValue(),
                          !HARMLESS.contains(field.getKey())
                              && (person || PERSONS.contains(field.getKey())))));
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, masked(array.get(i), person));
        }
      }
      case TextNode text -> {
        if (EMAIL.matcher(text.asText()).matches()) {
          return TextNode.valueOf(Customer.masked(text.asText()));
        }
        return person && !text.asText().isEmpty() ? TextNode.valueOf("…") : text;
      }
      default -> {
        return person && node.isNumber() ? NullNode.getInstance() : node;
      }
    }
    return node;
  }
}
