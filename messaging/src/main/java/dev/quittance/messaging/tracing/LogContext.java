package dev.quittance.messaging.tracing;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Puts the event's id and the trace's id beside the lines that are written while it is open, as
/// `eventId` and `traceId`. Open it around single lines, on the thread that writes them.
public final class LogContext implements AutoCloseable {

  private static final String EVENT = "eventId";
  private static final String TRACE = "traceId";

  /// `00-` stands before it.
  private static final int TRACE_ID_FROM = 3;

  private static final int TRACE_ID_LENGTH = 32;

  private LogContext() {}

  public static LogContext of(@Nullable String event, @Nullable String traceparent) {
    if (event != null) {
      MDC.put(EVENT, event);
    }
    if (traceparent != null && traceparent.length() >= TRACE_ID_FROM + TRACE_ID_LENGTH) {
      MDC.put(TRACE, traceparent.substring(TRACE_ID_FROM, TRACE_ID_FROM + TRACE_ID_LENGTH));
    }
    return new LogContext();
  }

  /// From a record's headers.
  public static LogContext ofHeaders(byte @Nullable [] event, byte @Nullable [] traceparent) {
    return of(text(event), text(traceparent));
  }

  private static @Nullable String text(byte @Nullable [] header) {
    return header == null ? null : new String(header, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    MDC.remove(EVENT);
    MDC.remove(TRACE);
  }
}
