package dev.quittance.sandbox.trigger;

/// One thing that happens on the way to an event.
enum Step {
  OPEN_SESSION,
  OPEN_INTENT,
  PAY,
  PAY_DELAYED,
  AUTHORIZE,
  CAPTURE,
  CAPTURE_FIRST,
  CAPTURE_LAST,
  SETTLE,
  BOUNCE,
  RETURN_DEBIT,
  DECLINE,
  CANCEL,
  REFUND,
  FAIL_REFUND,
  DISPUTE,
  ANSWER_DISPUTE,
  CLOSE_DISPUTE,
  WIN_DISPUTE,
  VALIDATE_USER,
  PRESS_TEST
}
