package dev.quittance.testkit;

/// A part of the local stack doesn't work. The message is a sentence for the person in front of it.
public class StackFault extends RuntimeException {

  public StackFault(String message) {
    super(message);
  }

  public StackFault(String message, Throwable cause) {
    super(message, cause);
  }
}
