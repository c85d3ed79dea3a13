package dev.quittance.bench.figure;

import dev.quittance.launcher.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// All that a run found out.
///
/// @param at when it began, ISO 8601
/// @param quick too short to be conclusive
/// @param machine what it ran on, by its properties' names
/// @param failures measurements that could not be made, with the reason
public record Report(
    String at,
    boolean quick,
    Map<String, String> machine,
    List<Figure> figures,
    List<Series> series,
    Map<String, String> failures) {

  public Report {
    figures = List.copyOf(figures);
    series = List.copyOf(series);
  }

  public Optional<Figure> figure(String name) {
    return figures.stream().filter(figure -> figure.name().equals(name)).findFirst();
  }

  public Optional<Series> series(String name) {
    return series.stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /// The figures that were promised and didn't come out.
  public List<Figure> missed() {
    return figures.stream().filter(figure -> !figure.met()).toList();
  }

  /// The table of targets and figures, and below it what nothing was promised about.
  public List<String> lines() {
    Stream<List<String>> rows =
        Stream.concat(
                figures.stream().filter(figure -> figure.goal().isPresent()),
                figures.stream().filter(figure -> figure.goal().isEmpty()))
            .map(figure ->
                List.of(
                    figure.what(),
                    figure.goal().map(Goal::toString).orElse("–"),
                    figure.shown(),
                    figure.verdict(),
                    figure.remark()));
    return Table.lines(
        Stream.concat(Stream.of(List.of("", "target", "figure", "", "")), rows).toList());
  }
}
