package dev.quittance.messaging.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class EventSpanTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String GIVEN = "00-" + TRACE + "-b7ad6b7169203331-01";

  private final List<SpanData> exported = new ArrayList<>();
  private final Tracer tracer = tracer(Sampler.parentBased(Sampler.alwaysOn()));

  @Test
  void withoutAnSdkWhatCameGoesOnAsItIs() {
    assertThat(EventSpan.consumer("room", GIVEN).traceparent()).isEqualTo(GIVEN);
    assertThat(EventSpan.consumer("room", null).traceparent()).isNull();
    assertThat(EventSpan.consumer("room", GIVEN).recorded()).isFalse();
  }

  @Test
  void whatFollowsIsAChildOfWhatCame() {
    EventSpan first = EventSpan.begin(tracer, "first", SpanKind.CONSUMER, GIVEN);
    EventSpan second = EventSpan.begin(tracer, "second", SpanKind.CONSUMER, first.traceparent());
    second.end("applied");
    first.end("applied");

    assertThat(exported).extracting(SpanData::getTraceId).containsOnly(TRACE);
    assertThat(exported).extracting(SpanData::getName).containsExactly("second", "first");
    assertThat(exported.getFirst().getParentSpanId()).isEqualTo(exported.getLast().getSpanId());
    assertThat(exported.getLast().getParentSpanId()).isEqualTo("b7ad6b7169203331");
  }

  @Test
  void whatIsNoTraceContextBeginsATrace() {
    for (String malformed : List.of("", "junk", GIVEN + "0", "00-" + "0".repeat(32) + "-1-01")) {
      EventSpan span = EventSpan.begin(tracer, "room", SpanKind.CONSUMER, malformed);

      assertThat(span.traceparent()).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
    }
  }

  @Test
  void whoBeganTheTraceDecidesWhetherItIsKept() {
    EventSpan span =
        EventSpan.begin(tracer, "room", SpanKind.CONSUMER, GIVEN.replace("-01", "-00"));
    span.end("applied");

    assertThat(span.recorded()).isFalse();
    assertThat(span.traceparent()).startsWith("00-" + TRACE).endsWith("-00");
    assertThat(exported).isEmpty();
  }

  @Test
  void endsOnceHoweverOftenItIsSaid() {
    EventSpan span = EventSpan.begin(tracer, "room", SpanKind.CONSUMER, GIVEN);
    span.end("published");
    span.end("failed");

    assertThat(exported).hasSize(1);
    assertThat(exported.getFirst().getAttributes().asMap().values()).containsExactly("published");
  }

  @Test
  void theLogHasTheIdsWhileItIsOpenAndNotAfter() {
    try (var _ = LogContext.of("stripe:evt_1", GIVEN)) {
      assertThat(MDC.get("eventId")).isEqualTo("stripe:evt_1");
      assertThat(MDC.get("traceId")).isEqualTo(TRACE);
    }

    assertThat(MDC.get("eventId")).isNull();
    assertThat(MDC.get("traceId")).isNull();
  }

  private Tracer tracer(Sampler sampler) {
    return SdkTracerProvider.builder()
        .setSampler(sampler)
        .addSpanProcessor(SimpleSpanProcessor.create(new Kept()))
        .build()
        .get("test");
  }

  private final class Kept implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      exported.addAll(spans);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
