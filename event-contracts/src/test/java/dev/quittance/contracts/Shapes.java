package dev.quittance.contracts;

import java.util.LinkedHashMap;
import java.util.Map;

/// Which record holds the data of which event type.
final class Shapes {

  private Shapes() {}

  /// Every event type on the wire with its record.
  static Map<String, Class<? extends Record>> all() {
    var shapes = new LinkedHashMap<String, Class<? extends Record>>();
    for (PaymentEventType type : PaymentEventType.values()) {
      shapes.put(type.typeName(), type.shape().asSubclass(Record.class));
    }
    shapes.put(PaymentWithdrawn.TYPE, PaymentWithdrawn.class);
    for (FulfillmentEventType type : FulfillmentEventType.values()) {
      shapes.put(type.typeName(), type.shape().asSubclass(Record.class));
    }
    shapes.put(OrderView.TYPE, OrderView.class);
    for (FulfillmentCommandType type : FulfillmentCommandType.values()) {
      shapes.put(type.typeName(), type.shape().asSubclass(Record.class));
    }
    for (CustomerNoticeType type : CustomerNoticeType.values()) {
      shapes.put(type.typeName(), type.shape().asSubclass(Record.class));
    }
    for (ReceiptEventType type : ReceiptEventType.values()) {
      shapes.put(type.typeName(), type.shape().asSubclass(Record.class));
    }
    return shapes;
  }

  static Class<? extends Record> of(String type) {
    Class<? extends Record> shape = all().get(type);
    if (shape == null) {
      throw new IllegalArgumentException("no such type: " + type);
    }
    return shape;
  }
}
