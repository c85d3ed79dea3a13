package dev.quittance.console.transactions;

import dev.quittance.contracts.OrderView;
import dev.quittance.fulfillment.persistence.OrderFigures;
import dev.quittance.fulfillment.persistence.OrderFigures.Change;
import dev.quittance.fulfillment.persistence.OrderFilter;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows open pages which orders changed. One query a second serves all of them, and none is made
/// while nobody looks.
@ApplicationScoped
public class LiveUpdates {

  private static final Logger LOG = LoggerFactory.getLogger(LiveUpdates.class);

  /// Each holds a connection; more people than this don't watch payments.
  static final int LISTENERS_MAX = 200;

  /// After this a page asks again, and who signed out meanwhile is turned away.
  private static final Duration LISTENING = Duration.ofMinutes(10);

  private static final Duration STEP = Duration.ofSeconds(1);

  /// A transaction takes its time before it commits, so the last seconds are looked at again.
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  /// More in a second than anybody reads; the newest are sent.
  private static final int CHANGES_MAX = 100;

  /// Says that the connection lives, also to proxies that cut silent ones after 30 s and more.
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /// What was sent within the overlap, with room to spare.
  private static final int REMEMBERED_MAX = 10 * CHANGES_MAX;

  private final OrderFigures figures;
  private final Clock clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, Long> sent = new Remembered();
  private final ScheduledExecutorService steps =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("console-live").factory());
  private @Nullable Instant since;

  private static final class Remembered extends LinkedHashMap<String, Long> {

    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > REMEMBERED_MAX;
    }
  }

  /// An open page.
  private static final class Listener {

    private final OrderFilter filter;
    private final SseEventSink sink;
    private final Sse sse;
    private final Instant until;
    private Instant lastWord;
    private boolean isNew = true;
    private @Nullable CompletionStage<?> sending;

    Listener(OrderFilter filter, SseEventSink sink, Sse sse, Instant now) {
      this.filter = filter;
      this.sink = sink;
      this.sse = sse;
      this.until = now.plus(LISTENING);
      this.lastWord = now;
    }

    /// Whether it still listens, and its time isn't over.
    boolean listens(Instant now) {
      return !sink.isClosed() && now.isBefore(until);
    }

    boolean isBehind() {
      return sending != null && !sending.toCompletableFuture().isDone();
    }
  }

  LiveUpdates(OrderFigures figures, Clock clock) {
    this.figures = figures;
    this.clock = clock;
    long millis = STEP.toMillis();
    var _ = steps.scheduleWithFixedDelay(this::step, millis, millis, TimeUnit.MILLISECONDS);
  }

  void stop(@Observes ShutdownEvent event) {
    steps.shutdownNow();
    listeners.forEach(listener -> listener.sink.close());
  }

  /// Adds a page. One too many is closed at once, and goes on without live rows.
  void listen(OrderFilter filter, SseEventSink sink, Sse sse) {
    if (listeners.size() >= LISTENERS_MAX) {
      sink.close();
      return;
    }
    var listener = new Listener(filter, sink, sse, clock.instant());
    say(listener, "here");
    listeners.add(listener);
  }

  /// Nothing that goes wrong may end the steps.
  private void step() {
    try {
      if (!listeners.isEmpty()) {
        send(clock.instant());
      } else {
        since = null;
        sent.clear();
      }
    } catch (RuntimeException e) {
      LOG.warn("live.failed cause={}", e.getClass().getSimpleName());
    }
  }

  @ActivateRequestContext
  void send(Instant now) {
    Instant from = since == null ? now : since;
    List<Change> changes = figures.changes(from.minus(OVERLAP), CHANGES_MAX);
    since = now;
    List<OrderView> all = changes.reversed().stream().map(Change::order).toList();
    List<OrderView> fresh = all.stream().filter(this::isNew).toList();
    listeners.removeIf(listener -> {
      boolean over = !listener.listens(now) || listener.isBehind();
      if (over) {
        listener.sink.close();
      }
      return over;
    });
    for (Listener listener : listeners) {
      if (listener.isNew) {
        // Also what changed while its page was on the way.
        listener.isNew = false;
        send(listener, all, now);
      } else {
        send(listener, fresh, now);
      }
    }
  }

  private boolean isNew(OrderView order) {
    Long before = sent.put(order.id().value(), order.version());
    return before == null || before < order.version();
  }

  private void send(Listener listener, List<OrderView> fresh, Instant now) {
    for (OrderView order : fresh) {
      if (listener.filter.matches(order)) {
        String row = TransactionsPage.row(ShownOrder.of(listener.filter.personal().in(order)));
        send(listener, listener.sse.newEventBuilder().name("row").data(row).build(), now);
      } else {
        // It may have left what the page shows.
        String key = "order-" + order.id().value();
        send(listener, listener.sse.newEventBuilder().name("gone").data(key).build(), now);
      }
    }
    if (listener.lastWord.plus(SILENCE).isBefore(now)) {
      say(listener, "still here");
      listener.lastWord = now;
    }
  }

  private void say(Listener listener, String comment) {
    listener.sending = listener.sink.send(listener.sse.newEventBuilder().comment(comment).build());
  }

  private void send(Listener listener, OutboundSseEvent event, Instant now) {
    listener.sending = listener.sink.send(event);
    listener.lastWord = now;
  }
}
