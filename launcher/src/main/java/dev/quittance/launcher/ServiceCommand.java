package dev.quittance.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/// A command that asks the running services.
abstract class ServiceCommand implements Callable<Integer> {

  @Mixin private final Addresses addresses = new Addresses();

  @Mixin final Output output = new Output();

  @Override
  public final Integer call() {
    try (var services = new ServiceClient(addresses)) {
      return call(services);
    }
  }

  /// @return the exit code
  abstract int call(ServiceClient services);
}
