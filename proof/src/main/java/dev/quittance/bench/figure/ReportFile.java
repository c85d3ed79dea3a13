package dev.quittance.bench.figure;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reports as JSON, to be kept and compared.
public final class ReportFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Nobody keeps more rounds than this takes.
  private static final long BYTES_MAX = 16_000_000;

  private ReportFile() {}

  public static String text(Report report) {
    return tree(report).toPrettyString();
  }

  public static void write(Report report, Path file) {
    try {
      Files.writeString(file, text(report));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws IOException when there is no such file, or it holds something else
  public static Report read(Path file) throws IOException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException("larger than any report");
    }
    JsonNode tree = JSON.readTree(Files.readString(file));
    if (!tree.path("figures").isArray() || !tree.path("series").isArray()) {
      throw new IOException("no report of a benchmark");
    }
    var figures = new ArrayList<Figure>();
    tree.path("figures").forEach(node -> figures.add(figure(node)));
    var series = new ArrayList<Series>();
    tree.path("series").forEach(node -> series.add(series(node)));
    return new Report(
        tree.path("at").asText(),
        tree.path("quick").asBoolean(),
        texts(tree.path("machine")),
        figures,
        series,
        texts(tree.path("failures")));
  }

  private static ObjectNode tree(Report report) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("at", report.at()).put("quick", report.quick());
    report.machine().forEach(tree.putObject("machine")::put);
    for (Figure figure : report.figures()) {
      ObjectNode node = tree.withArray("figures").addObject();
      node.put("name", figure.name())
          .put("what", figure.what())
          .put("value", figure.value())
          .put("unit", figure.unit())
          .put("remark", figure.remark());
      figure
          .goal()
          .ifPresent(goal -> {
            node.putObject("goal")
                .put("kind", goal.word())
                .put("limit", goal.limit())
                .put("unit", goal.unit());
            node.put("met", figure.met());
          });
    }
    for (Series series : report.series()) {
      ObjectNode node = tree.withArray("series").addObject();
      node.put("name", series.name()).put("unit", series.unit()).put("median", series.median());
      series.rounds().forEach(node.putArray("rounds")::add);
    }
    tree.withArray("figures");
    tree.withArray("series");
    report.failures().forEach(tree.putObject("failures")::put);
    return tree;
  }

  private static Figure figure(JsonNode node) {
    Optional<Goal> goal =
        Optional.ofNullable(node.get("goal"))
            .map(wanted ->
                new Goal(
                    Goal.Kind.valueOf(wanted.path("kind").asText().toUpperCase(Locale.ROOT)),
                    wanted.path("limit").asDouble(),
                    wanted.path("unit").asText()));
    return new Figure(
        node.path("name").asText(),
        node.path("what").asText(),
        node.path("value").asDouble(),
        node.path("unit").asText(),
        goal,
        node.path("remark").asText());
  }

  private static Series series(JsonNode node) {
    List<Double> rounds = new ArrayList<>();
    node.path("rounds").forEach(round -> rounds.add(round.asDouble()));
    return new Series(node.path("name").asText(), node.path("unit").asText(), rounds);
  }

  private static Map<String, String> texts(JsonNode node) {
    var texts = new LinkedHashMap<String, String>();
    node.properties().forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
    return texts;
  }
}
