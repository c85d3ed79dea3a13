package dev.quittance.testkit;

/// A broker that somebody else runs.
record GivenKafka(String bootstrapServers) implements LocalKafka {

  @Override
  public void kill() {
    throw new UnsupportedOperationException("This broker isn't ours: -D" + BOOTSTRAP);
  }

  @Override
  public void close() {
    // whoever started it stops it
  }
}
