package dev.quittance.messaging.quarkus;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.Dependent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The gauges of a bean, which end with it: a registry that lives on, as in the next start of one
/// process, keeps none of what is gone.
@Dependent
public class Gauges {

  private final MeterRegistry meters;
  private final List<Gauge> registered = new CopyOnWriteArrayList<>();

  Gauges(MeterRegistry meters) {
    this.meters = meters;
  }

  public void register(Gauge.Builder<?> gauge) {
    registered.add(gauge.strongReference(true).register(meters));
  }

  @PreDestroy
  void forget() {
    registered.forEach(meters::remove);
  }
}
