package dev.quittance.testkit;

/// A server that somebody else runs, and that several JVMs use one after the other: each gets
/// databases of its own, so that none meets what another left.
record GivenPostgres(String adminUrl) implements LocalPostgres {

  private static final String OF_THIS_JVM = "_" + ProcessHandle.current().pid();

  @Override
  public DatabaseAddress createDatabase(String name) {
    return LocalPostgres.super.createDatabase(name + OF_THIS_JVM);
  }

  @Override
  public void kill() {
    throw new UnsupportedOperationException("This server isn't ours: -D" + URL);
  }

  @Override
  public void close() {
    // whoever started it stops it
  }

  @Override
  public String toString() {
    return "the PostgreSQL that -D" + URL + " names";
  }
}
