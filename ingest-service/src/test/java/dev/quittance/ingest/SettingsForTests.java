package dev.quittance.ingest;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/// Groups of settings, as the configuration makes them.
public final class SettingsForTests {

  private SettingsForTests() {}

  /// What a group is where nothing is set but this.
  public static <T> T of(Class<T> group, Map<String, String> set) {
    return new SmallRyeConfigBuilder()
        .withMapping(group)
        .withDefaultValues(set)
        .build()
        .getConfigMapping(group);
  }
}
