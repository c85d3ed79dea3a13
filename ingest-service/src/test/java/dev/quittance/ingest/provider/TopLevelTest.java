package dev.quittance.ingest.provider;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopLevelTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"evt_1"}                                               | evt_1
          { "object" : "event" , "id" : "evt_1" }                | evt_1
          {"data":{"id":"no"},"id":"evt_1"}                            | evt_1
          {"data":[{"id":"no"},["id",{"id":"no"}]],"id":"evt_1"}       | evt_1
          {"a":"\\"id\\":\\"no\\"","id":"evt_1"}                       | evt_1
          {"a":"}\\\\","id":"evt_1"}                                   | evt_1
          {"a":1,"b":-1.5e3,"c":true,"d":null,"e":"","id":"evt_1"}     | evt_1
          {"a":{"b":"}"},"id":"evt_1"}                                 | evt_1
          {"id":"evt_1","id":"evt_2"}                                  | evt_1
          {"id":"evt_1", and then nonsense                             | evt_1
          {"ID":"no","id ":"no","id":"evt_1"}                          | evt_1
          """)
  void findsTheTopLevelString(String json, String id) {
    assertThat(find(json)).contains(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}",
        "[]",
        "null",
        "\"id\"",
        "[\"id\",\"evt_1\"]",
        "{\"id\":1}",
        "{\"id\":null}",
        "{\"id\":{\"id\":\"no\"}}",
        "{\"id\":\"\"}",
        "{\"id\":\" \"}",
        "{\"id\":\"evt_1",
        "{\"id\":\"evt\\u005f1\"}",
        "{\"id\":\"evt\n1\"}",
        "{\"id\":\"évt\"}",
        "{\"id\" \"evt_1\"}",
        "{\"id\":1,\"id\":\"evt_1\"}",
        "{\"data\":{\"id\":\"no\"}}",
        "{\"data\":{\"id\":\"no\"},\"id\"",
        "{nonsense,\"id\":\"evt_1\"}",
        "{\"a\":\"\\",
        "{\"a\":[[[[",
      })
  void findsNothingWhereNothingIs(String json) {
    assertThat(find(json)).isEmpty();
  }

  @Test
  void takesWhatIsShortEnoughAndEndsInTime() {
    String longest = "x".repeat(TopLevel.VALUE_LENGTH_MAX);
    byte[] late = ("{" + " ".repeat(100) + "\"id\":\"evt_1\"}").getBytes(UTF_8);

    assertThat(find("{\"id\":\"" + longest + "\"}")).contains(longest);
    assertThat(find("{\"id\":\"" + longest + "x\"}")).isEmpty();
    assertThat(TopLevel.string(late, late.length - 1, "id")).contains("evt_1");
    assertThat(TopLevel.string(late, late.length - 2, "id")).isEmpty();
    assertThat(TopLevel.string(late, 0, "id")).isEmpty();
    assertThat(find("\uFEFF{\"id\":\"evt_1\"}")).contains("evt_1");
  }

  @Test
  void depthCostsNoStack() {
    String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",\"id\":\"evt_1\"}";

    assertThat(find(deep)).contains("evt_1");
  }

  @Property
  void noBytesMakeItThrow(@ForAll byte[] bytes, @ForAll short within) {
    TopLevel.string(bytes, Math.abs(within), "id");
  }

  @Property
  void almostJsonDoesNotMakeItThrow(@ForAll("almostJson") String text) {
    find(text);
  }

  @Provide
  Arbitrary<String> almostJson() {
    return Arbitraries.of("{", "}", "[", "]", "\"", "\\", ":", ",", "id", "evt_1", " ", "1", "é")
        .list()
        .ofMaxSize(20)
        .map(parts -> "{" + String.join("", parts));
  }

  @Property
  void agreesWithAParserOnWellFormedObjects(@ForAll("objects") JsonNode object) throws IOException {
    byte[] json = new ObjectMapper().writeValueAsBytes(object);

    Optional<String> found = TopLevel.string(json, json.length, "id");

    JsonNode id = object.path("id");
    assertThat(found).isEqualTo(id.isTextual() ? Optional.of(id.asText()) : Optional.empty());
  }

  @Provide
  Arbitrary<JsonNode> objects() {
    Arbitrary<String> names = Arbitraries.of("id", "type", "a\"b", "\\", "{", "é");
    Arbitrary<JsonNode> texts = Arbitraries.of("evt_1", "x y").map(TopLevelTest::text);
    Arbitrary<JsonNode> numbers =
        Arbitraries.integers().map(number -> JsonNodeFactory.instance.numberNode(number));
    Arbitrary<JsonNode> nested =
        Arbitraries.maps(names, Arbitraries.strings().ofMaxLength(5))
            .ofMaxSize(3)
            .map(TopLevelTest::object);
    return Arbitraries.oneOf(texts, numbers, nested)
        .list()
        .ofMaxSize(4)
        .flatMap(values ->
            names
                .list()
                .ofSize(values.size())
                .map(keys -> {
                  var object = JsonNodeFactory.instance.objectNode();
                  for (int i = 0; i < keys.size(); i++) {
                    object.set(keys.get(i), values.get(i));
                  }
                  return object;
                }));
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.textNode(text);
  }

  private static JsonNode object(Map<String, String> members) {
    var object = JsonNodeFactory.instance.objectNode();
    members.forEach(object::put);
    return object;
  }

  private static Optional<String> find(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return TopLevel.string(bytes, bytes.length, "id");
  }
}
