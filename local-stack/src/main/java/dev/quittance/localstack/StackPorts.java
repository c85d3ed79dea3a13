package dev.quittance.localstack;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/// Where the parts of a stack listen on 127.0.0.1.
public record StackPorts(int kafka, int postgres, int smtp, Map<Service, Integer> services) {

  /// The ports of a laptop, as the documents name them.
  public static final StackPorts LOCAL = new StackPorts(9092, 5433, 2525, laptop());

  public StackPorts {
    services = Map.copyOf(services);
  }

  /// The same ports, each so much higher.
  public StackPorts shifted(int offset) {
    var shifted = new EnumMap<Service, Integer>(Service.class);
    services.forEach((service, port) -> shifted.put(service, port + offset));
    return new StackPorts(kafka + offset, postgres + offset, smtp + offset, shifted);
  }

  /// Ports that nobody listens on at this moment, for tests beside a running stack.
  public static StackPorts free() {
    var services = new EnumMap<Service, Integer>(Service.class);
    for (Service service : Service.values()) {
      services.put(service, Ports.free());
    }
    return new StackPorts(Ports.free(), Ports.free(), Ports.free(), services);
  }

  public int of(Service service) {
    return Objects.requireNonNull(services.get(service));
  }

  /// The root of what the service answers.
  public URI url(Service service) {
    return URI.create("http://127.0.0.1:" + of(service));
  }

  /// All of them by the name of the part.
  Map<String, Integer> all() {
    var all = new LinkedHashMap<String, Integer>();
    all.put("Kafka", kafka);
    all.put("PostgreSQL", postgres);
    all.put("SMTP", smtp);
    for (Service service : Service.values()) {
      all.put(service.module(), of(service));
    }
    return all;
  }

  private static Map<Service, Integer> laptop() {
    var ports = new EnumMap<Service, Integer>(Service.class);
    Arrays.stream(Service.values()).forEach(service -> ports.put(service, service.port()));
    return ports;
  }
}
