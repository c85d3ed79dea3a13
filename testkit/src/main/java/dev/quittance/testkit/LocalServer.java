package dev.quittance.testkit;

/// A broker, a database server or a service that runs here.
public interface LocalServer extends AutoCloseable {

  /// Its process' id.
  ///
  /// @throws UnsupportedOperationException when it isn't a process of ours
  default long pid() {
    throw new UnsupportedOperationException(this + " isn't a process of ours");
  }

  /// SIGKILL: no farewell, as if the power had failed for it alone.
  ///
  /// @throws UnsupportedOperationException when it isn't ours
  void kill();

  /// SIGSTOP: it neither dies nor answers.
  ///
  /// @throws UnsupportedOperationException when it isn't a process of ours
  default void pause() {
    throw new UnsupportedOperationException(this + " can't be paused");
  }

  /// SIGCONT: goes on where it was paused.
  ///
  /// @throws UnsupportedOperationException when it isn't a process of ours
  default void resume() {
    throw new UnsupportedOperationException(this + " can't be paused");
  }

  /// Stops it and waits until it is gone.
  @Override
  void close();
}
