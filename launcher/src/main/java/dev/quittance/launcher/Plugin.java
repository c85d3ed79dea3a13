package dev.quittance.launcher;

import java.util.concurrent.Callable;

/// A command of another module, found by `ServiceLoader` where that module is on the class path. It
/// carries picocli's annotations and answers with the exit code.
public interface Plugin extends Callable<Integer> {}
