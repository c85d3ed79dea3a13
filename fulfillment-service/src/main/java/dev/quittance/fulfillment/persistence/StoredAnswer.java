package dev.quittance.fulfillment.persistence;

/// What is answered to a request, so that it can be given again word for word.
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record StoredAnswer(int status, byte[] body) {

  @Override
  public String toString() {
    return "StoredAnswer[" + status + "]";
  }
}
