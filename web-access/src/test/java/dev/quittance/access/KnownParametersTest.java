package dev.quittance.access;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.UriInfo;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownParametersTest {

  /// Something like the calls that fold or plan again.
  interface Again {
    void all(
        @QueryParam("after") String after,
        @QueryParam("limit") int limit,
        @QueryParam("dry-run") boolean dryRun);
  }

  private static void check(String method, String query) throws NoSuchMethodException {
    var said = new MultivaluedHashMap<String, String>();
    for (String pair : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      said.add(parts[0], parts[1].replace("%00", "\0"));
    }
    UriInfo address = telling(UriInfo.class, Map.of("getQueryParameters", said));
    Method call = Again.class.getMethod("all", String.class, int.class, boolean.class);
    new KnownParameters()
        .check(
            telling(
                ContainerRequestContext.class, Map.of("getMethod", method, "getUriInfo", address)),
            telling(ResourceInfo.class, Map.of("getResourceMethod", call)));
  }

  /// The framework's types have dozens of methods, and these few are asked.
  private static <T> T telling(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) -> {
              Object answer = answers.get(method.getName());
              if (answer == null) {
                throw new UnsupportedOperationException(method.getName());
              }
              return answer;
            }));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dryRun=true",
        "dry-run=yes",
        "dry-run=",
        "dry-run=TRUE",
        "dry-run=true&dry-run=false",
        "limit=many",
        "limit=99999999999",
        "after=%00",
        "after=a&utm_source=b"
      })
  void whatNobodyWouldReadAsItIsMeantIsRefused(String query) {
    assertThatExceptionOfType(RefusedRequest.class)
        .isThrownBy(() -> check("POST", query))
        .matches(refused -> refused.problem().status() == 400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"after=stripe:pi_1&limit=200&dry-run=true", "dry-run=false", "after="})
  void whatIsUnderstoodPasses(String query) {
    assertThatCode(() -> check("POST", query)).doesNotThrowAnyException();
  }

  @Test
  void whoOnlyLooksMaySayWhatTheyLike() {
    assertThatCode(() -> check("GET", "after=a&after=b&utm_source=c")).doesNotThrowAnyException();
  }
}
