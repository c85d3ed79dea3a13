package dev.quittance.fulfillment.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.quittance.access.Problem;
import dev.quittance.contracts.FulfillmentStatus;
import dev.quittance.contracts.OrderView;
import dev.quittance.contracts.PaymentStatus;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.TimelineEntry;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// Compares the description of the API with the code that serves it.
class OpenApiTest {

  private static final List<Class<?>> RESOURCES =
      List.of(
          OrdersResource.class,
          RefoldResource.class,
          OrdersExport.class,
          OrdersExportBelow.class,
          ContractsResource.class);

  private final JsonNode document = document();

  private static JsonNode document() {
    try (InputStream file = OpenApiTest.class.getResourceAsStream("/META-INF/openapi.yaml")) {
      return new YAMLMapper().readTree(Objects.requireNonNull(file, "the document"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyOperationIsDescribedAndNoOther() {
    var described =
        StreamSupport.stream(spliterator(document.get("paths").fieldNames()), false)
            .flatMap(path ->
                StreamSupport.stream(
                        spliterator(document.get("paths").get(path).fieldNames()), false)
                    .filter(name -> !name.equals("parameters"))
                    .map(verb -> verb + " " + path));

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            RESOURCES.stream()
                .flatMap(resource ->
                    Arrays.stream(resource.getDeclaredMethods())
                        .flatMap(method -> operation(resource, method)))
                .toList());
  }

  private static Spliterator<String> spliterator(Iterator<String> names) {
    return Spliterators.spliteratorUnknownSize(names, 0);
  }

  private static Stream<String> operation(Class<?> resource, Method method) {
    String verb =
        method.isAnnotationPresent(GET.class)
            ? "get"
            : method.isAnnotationPresent(POST.class)
                ? "post"
                : method.isAnnotationPresent(DELETE.class) ? "delete" : "";
    Path path = method.getAnnotation(Path.class);
    return verb.isEmpty()
        ? Stream.empty()
        : Stream.of(
            verb
                + " "
                + (resource.getAnnotation(Path.class).value() + (path == null ? "" : path.value()))
                    .replace("//", "/"));
  }

  @Test
  void everyFilterIsDescribed() {
    List<String> filters =
        Arrays.stream(ListRequest.class.getDeclaredFields())
            .filter(field -> field.isAnnotationPresent(QueryParam.class))
            .map(field -> field.getAnnotation(QueryParam.class).value())
            .toList();

    assertThat(parameters("/paths/~1orders/get")).containsExactlyInAnyOrderElementsOf(filters);
    assertThat(parameters("/paths/~1orders.csv/get"))
        .containsAll(
            filters.stream().filter(name -> !Set.of("limit", "next").contains(name)).toList())
        .doesNotContain("limit", "next")
        .contains("personal");
    assertThat(parameters("/paths/~1orders~1export.csv/get"))
        .containsExactlyElementsOf(parameters("/paths/~1orders.csv/get"));
  }

  private List<String> parameters(String operation) {
    return StreamSupport.stream(document.at(operation + "/parameters").spliterator(), false)
        .map(parameter ->
            parameter.has("$ref")
                ? document.at(parameter.get("$ref").asText().substring(1))
                : parameter)
        .map(parameter -> parameter.get("name").asText())
        .toList();
  }

  /// What the document says about the columns is what an export begins with.
  @Test
  void everyColumnOfAnExportIsDescribed() {
    JsonNode answer = document.at("/paths/~1orders.csv/get/responses/200");
    String titles = OrderColumn.titles(OrderColumn.of(PersonalData.SHOWN)).strip();

    String plain = answer.at("/content/text~1csv/example").asText().lines().findFirst().orElse("");

    assertThat(plain).isEqualTo(OrderColumn.titles(OrderColumn.of(PersonalData.MASKED)).strip());
    assertThat(answer.get("description").asText()).contains(titles.substring(plain.length() + 1));
  }

  @Test
  void everyFieldIsDescribed() {
    describes("Order", OrderView.class);
    describes("TimelineEntry", TimelineEntry.class);
    describes("Fulfillment", Fulfillment.class);
    describes("Problem", Problem.class);
  }

  private void describes(String schema, Class<?> shape) {
    var described = document.at("/components/schemas/" + schema + "/properties").fieldNames();
    assertThat(StreamSupport.stream(spliterator(described), false))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(shape.getRecordComponents()).map(RecordComponent::getName).toList());
  }

  @Test
  void everyStatusIsDescribed() {
    assertThat(values("PaymentStatus")).isEqualTo(names(PaymentStatus.values()));
    assertThat(values("FulfillmentStatus")).isEqualTo(names(FulfillmentStatus.values()));
  }

  private List<String> values(String schema) {
    return StreamSupport.stream(
            document.at("/components/schemas/" + schema + "/enum").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants)
        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
