package dev.quittance.fulfillment.store;

/// What is answered to a request, so that it can be given again word for word.
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record Answer(int status, byte[] body) {

  @Override
  public String toString() {
    return "Answer[" + status + "]";
  }
}
