package dev.quittance.testkit;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/// Where the parts of a stack listen on 127.0.0.1.
///
/// @param management where the services answer for their health and metrics
public record StackPorts(
    int kafka,
    int postgres,
    int smtp,
    Map<Service, Integer> services,
    Map<Service, Integer> management) {

  /// The ports of a laptop, as the documents name them.
  public static final StackPorts LOCAL =
      new StackPorts(9092, 5433, 2525, laptop(Service::port), laptop(Service::managementPort));

  public StackPorts {
    services = Map.copyOf(services);
    management = Map.copyOf(management);
  }

  /// The same ports, each so much higher.
  public StackPorts shifted(int offset) {
    return new StackPorts(
        kafka + offset,
        postgres + offset,
        smtp + offset,
        shifted(services, offset),
        shifted(management, offset));
  }

  private static Map<Service, Integer> shifted(Map<Service, Integer> ports, int offset) {
    var shifted = new EnumMap<Service, Integer>(Service.class);
    ports.forEach((service, port) -> shifted.put(service, port + offset));
    return shifted;
  }

  /// Ports that nobody listens on at this moment, for tests beside a running stack.
  public static StackPorts free() {
    var services = new EnumMap<Service, Integer>(Service.class);
    var management = new EnumMap<Service, Integer>(Service.class);
    for (Service service : Service.values()) {
      int port = Ports.free();
      services.put(service, port);
      management.put(service, service.managed() ? Ports.free() : port);
    }
    return new StackPorts(Ports.free(), Ports.free(), Ports.free(), services, management);
  }

  public int of(Service service) {
    return Objects.requireNonNull(services.get(service));
  }

  /// The root of what the service answers.
  public URI url(Service service) {
    return Ports.url(of(service));
  }

  /// The root of what it answers about itself.
  public URI management(Service service) {
    return Ports.url(Objects.requireNonNull(management.get(service)));
  }

  /// All of them by the name of the part.
  Map<String, Integer> all() {
    var all = new LinkedHashMap<String, Integer>();
    all.put("Kafka", kafka);
    all.put("PostgreSQL", postgres);
    all.put("SMTP", smtp);
    for (Service service : Service.values()) {
      all.put(service.module(), of(service));
      if (service.managed()) {
        all.put(service.module() + "'s health and metrics", management(service).getPort());
      }
    }
    return all;
  }

  private static Map<Service, Integer> laptop(ToIntFunction<Service> port) {
    var ports = new EnumMap<Service, Integer>(Service.class);
    Arrays.stream(Service.values())
        .forEach(service -> ports.put(service, port.applyAsInt(service)));
    return ports;
  }
}
