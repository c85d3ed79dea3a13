package dev.quittance.messaging.tracing;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// An event's span through one of our rooms, as a span. Its parent is the `traceparent` that the
/// event came with, and what follows from the event goes on with [#traceparent]: so that the rooms,
/// which know each other by their records only, draw one trace.
///
/// Made by hand, because whole batches pass at once: what instruments by itself sees one poll where
/// there are five hundred payments. Where no SDK is set up nothing is recorded, and what came goes
/// on as it is.
///
/// Attributes hold ids, names and counts, never a customer's data or a secret.
public final class EventSpan {

  /// Which record carries what follows.
  public static final String HEADER = "traceparent";

  private static final String SCOPE = "dev.quittance";

  private static final TextMapGetter<String> FROM_HEADER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
          return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String traceparent, String key) {
          return HEADER.equals(key) ? traceparent : null;
        }
      };

  private final Span span;
  private final @Nullable String given;
  private final AtomicBoolean ended = new AtomicBoolean();

  private EventSpan(Span span, @Nullable String given) {
    this.span = span;
    this.given = given;
  }

  /// Something is taken from a topic.
  ///
  /// @param name the room: `translate`, `fulfillment`
  /// @param traceparent of the record; without one, or with a malformed one, a trace begins
  public static EventSpan consumer(String name, @Nullable String traceparent) {
    return begin(tracer(), name, SpanKind.CONSUMER, traceparent);
  }

  /// Something is put on a topic.
  public static EventSpan producer(String name, @Nullable String traceparent) {
    return begin(tracer(), name, SpanKind.PRODUCER, traceparent);
  }

  /// Somebody asked us.
  public static EventSpan server(String name, @Nullable String traceparent) {
    return begin(tracer(), name, SpanKind.SERVER, traceparent);
  }

  /// We ask somebody: a provider, a mail server.
  public static EventSpan client(String name, @Nullable String traceparent) {
    return begin(tracer(), name, SpanKind.CLIENT, traceparent);
  }

  /// One that nobody will see, for those who know that no SDK is set up: Quarkus' disabled one
  /// makes whole spans all the same, and sends them nowhere.
  public static EventSpan unrecorded(@Nullable String traceparent) {
    return new EventSpan(Span.getInvalid(), traceparent);
  }

  static EventSpan begin(Tracer tracer, String name, SpanKind kind, @Nullable String traceparent) {
    Context parent =
        traceparent == null
            ? Context.root()
            : W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), traceparent, FROM_HEADER);
    Span span = tracer.spanBuilder(name).setSpanKind(kind).setParent(parent).startSpan();
    return new EventSpan(span, traceparent);
  }

  /// Asked for each time: what is there before the SDK is set up stays without it for ever.
  private static Tracer tracer() {
    return GlobalOpenTelemetry.getTracer(SCOPE);
  }

  /// Whether somebody will see it. Otherwise nothing need be prepared for it.
  public boolean recorded() {
    return span.isRecording();
  }

  /// What goes on; null where nothing came and nothing is recorded.
  public @Nullable String traceparent() {
    SpanContext context = span.getSpanContext();
    return context.isValid()
        ? "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex()
        : given;
  }

  public EventSpan with(String attribute, String value) {
    span.setAttribute(attribute, value);
    return this;
  }

  /// It is over.
  ///
  /// @param outcome in one word
  public void end(String outcome) {
    if (ended.compareAndSet(false, true)) {
      span.setAttribute("quittance.outcome", outcome);
      span.end();
    }
  }
}
