package dev.quittance.console.transactions;

import dev.quittance.fulfillment.persistence.OrderFigures.Count;
import dev.quittance.fulfillment.persistence.OrderFigures.Unit;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Payments, refunds and failures over time, drawn in SVG. Its coordinates are those of a picture
/// of 960 × 180.
///
/// @param columns one per step of time, oldest first
/// @param top what the upper line stands for
record Chart(
    List<Column> columns, List<Mark> marks, long top, long paid, long refunded, long failed) {

  private static final int WIDTH = 960;
  private static final int LEFT = 44;
  private static final int BASE = 150;
  private static final int HEIGHT = 135;

  /// As many as can be told apart on a phone.
  private static final int COLUMNS_MAX = 124;

  private static final int MARKS_MAX = 6;

  /// A step of time: bars and the words for them.
  record Column(String when, long paid, long refunded, long failed, List<Bar> bars) {}

  /// @param kind `paid`, `refunded`, `failed`
  record Bar(String kind, double x, double y, double width, double height) {}

  /// A word under the picture.
  record Mark(double x, String text) {}

  /// The step that divides a period well.
  static Unit unit(Instant from, Instant to) {
    Duration span = Duration.between(from, to);
    if (span.compareTo(Duration.ofDays(3)) <= 0) {
      return Unit.HOUR;
    }
    if (span.compareTo(Duration.ofDays(COLUMNS_MAX - 2)) <= 0) {
      return Unit.DAY;
    }
    return span.compareTo(Duration.ofDays((COLUMNS_MAX - 2) * 7L)) <= 0 ? Unit.WEEK : Unit.MONTH;
  }

  /// As far back as the picture goes at most.
  static Instant earliest(Instant to) {
    return to.atZone(ZoneOffset.UTC).minusMonths(COLUMNS_MAX - 2L).toInstant();
  }

  static Chart of(List<Count> counts, Unit unit, Instant from, Instant to) {
    Map<Instant, Count> known = new HashMap<>();
    counts.forEach(count -> known.put(count.start(), count));
    var steps = new ArrayList<Count>();
    for (ZonedDateTime step = start(unit, from);
        step.toInstant().isBefore(to) && steps.size() < COLUMNS_MAX;
        step = next(unit, step)) {
      Instant start = step.toInstant();
      steps.add(known.getOrDefault(start, new Count(start, 0, 0, 0)));
    }
    long top = round(steps.stream().mapToLong(s -> Math.max(s.paid(), s.failed())).max().orElse(0));
    return new Chart(
        columns(steps, unit, top),
        marks(steps, unit),
        top,
        steps.stream().mapToLong(Count::paid).sum(),
        steps.stream().mapToLong(Count::refunded).sum(),
        steps.stream().mapToLong(Count::failed).sum());
  }

  private static List<Column> columns(List<Count> steps, Unit unit, long top) {
    double slot = (double) (WIDTH - LEFT) / Math.max(1, steps.size());
    double bar = Math.max(1, Math.min(16, slot * 0.28));
    var columns = new ArrayList<Column>();
    for (int i = 0; i < steps.size(); i++) {
      Count step = steps.get(i);
      double x = LEFT + i * slot + (slot - 3 * bar) / 2;
      var bars = new ArrayList<Bar>();
      long[] values = {step.paid(), step.refunded(), step.failed()};
      String[] kinds = {"paid", "refunded", "failed"};
      for (int k = 0; k < kinds.length; k++) {
        if (values[k] > 0) {
          double height = Math.max(1.5, (double) HEIGHT * values[k] / top);
          bars.add(
              new Bar(
                  kinds[k], tenth(x + k * bar), tenth(BASE - height), tenth(bar), tenth(height)));
        }
      }
      columns.add(
          new Column(words(unit, step.start()), step.paid(), step.refunded(), step.failed(), bars));
    }
    return columns;
  }

  private static List<Mark> marks(List<Count> steps, Unit unit) {
    double slot = (double) (WIDTH - LEFT) / Math.max(1, steps.size());
    int every = Math.max(1, (steps.size() + MARKS_MAX - 1) / MARKS_MAX);
    var marks = new ArrayList<Mark>();
    for (int i = 0; i < steps.size(); i += every) {
      marks.add(new Mark(tenth(LEFT + i * slot + slot / 2), words(unit, steps.get(i).start())));
    }
    return marks;
  }

  private static ZonedDateTime start(Unit unit, Instant moment) {
    ZonedDateTime day = moment.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.DAYS);
    return switch (unit) {
      case HOUR -> moment.atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.HOURS);
      case DAY -> day;
      case WEEK -> day.minusDays(day.getDayOfWeek().getValue() - 1L);
      case MONTH -> day.with(TemporalAdjusters.firstDayOfMonth());
    };
  }

  private static ZonedDateTime next(Unit unit, ZonedDateTime step) {
    return switch (unit) {
      case HOUR -> step.plusHours(1);
      case DAY -> step.plusDays(1);
      case WEEK -> step.plusWeeks(1);
      case MONTH -> step.plusMonths(1);
    };
  }

  private static String words(Unit unit, Instant start) {
    String pattern =
        switch (unit) {
          case HOUR -> "d MMM HH:mm";
          case DAY, WEEK -> "d MMM";
          case MONTH -> "MMM uuuu";
        };
    return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
        .withZone(ZoneOffset.UTC)
        .format(start);
  }

  /// The next number that reads well: 1, 2, 5, 10, 20, 50 …
  static long round(long highest) {
    long step = 1;
    while (true) {
      for (long factor : new long[] {1, 2, 5}) {
        if (step * factor >= highest) {
          return step * factor;
        }
      }
      step *= 10;
    }
  }

  private static double tenth(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
