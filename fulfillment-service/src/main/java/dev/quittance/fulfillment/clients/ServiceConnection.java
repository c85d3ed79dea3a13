package dev.quittance.fulfillment.clients;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.quittance.contracts.CodePoints;
import dev.quittance.contracts.WireFormat;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The connection to one other service.
final class ServiceConnection {

  /// Somebody waits for the page, and it has other panels.
  static final Duration LOOK_MAX = Duration.ofSeconds(3);

  /// As long as the provider may take behind it, twice: it is asked once before a refund.
  static final Duration ACT_MAX = Duration.ofSeconds(25);

  private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

  /// 500 deliveries are some 150 KB; ten times that is nobody's answer.
  private static final long ANSWER_BYTES_MAX = 2 * 1024 * 1024;

  private static final int SENTENCE_LENGTH_MAX = 500;

  private static final ObjectMapper JSON = mapper();

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT_MAX)
          .build();

  private final String name;
  private final URI base;
  private final Optional<String> token;

  /// @param name as people know it
  ServiceConnection(String name, URI base, Optional<String> token) {
    this.name = name;
    this.base = base;
    this.token = token;
  }

  /// What an answer leaves out of lists and maps is empty.
  private static ObjectMapper mapper() {
    ObjectMapper mapper = WireFormat.mapper().copy();
    for (Class<?> shape : List.of(List.class, Map.class)) {
      mapper.configOverride(shape).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
    }
    return mapper;
  }

  /// Asks for something to be shown.
  <T> ServiceReply<T> get(String path, Class<T> shape) {
    return send(to(path, LOOK_MAX).GET(), shape);
  }

  /// Asks for something to be done.
  <T> ServiceReply<T> post(
      String path, @Nullable Object body, Map<String, String> headers, Class<T> shape) {
    var request = to(path, ACT_MAX);
    headers.forEach(request::header);
    if (body == null) {
      request.POST(HttpRequest.BodyPublishers.noBody());
    } else {
      request
          .header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofByteArray(WireFormat.write(body)));
    }
    return send(request, shape);
  }

  /// The status that a path is answered with; 0 when it isn't.
  int status(String path) {
    try {
      return client.send(to(path, LOOK_MAX).GET().build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private HttpRequest.Builder to(String path, Duration most) {
    var request = HttpRequest.newBuilder(base.resolve(path)).timeout(most);
    token.ifPresent(known -> request.header("Authorization", "Bearer " + known));
    return request;
  }

  private <T> ServiceReply<T> send(HttpRequest.Builder request, Class<T> shape) {
    try {
      HttpResponse<byte[]> answer =
          client.send(
              request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
      return answer.statusCode() < 300
          ? new ServiceReply.Got<>(JSON.readValue(answer.body(), shape))
          : refused(answer);
    } catch (IOException e) {
      return new ServiceReply.Away<>(name + " can't be reached right now.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new ServiceReply.Away<>("This page was stopped before " + name + " answered.");
    }
  }

  private <T> ServiceReply<T> refused(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    if (status == 401 || status == 403) {
      return new ServiceReply.Refused<>(
          status, "token_refused", name + " doesn't let us in: check its token in our settings.");
    }
    String code = Integer.toString(status);
    String sentence = name + " answered with status " + status + ".";
    try {
      JsonNode problem = JSON.readTree(answer.body());
      code = problem.path("code").asText(code);
      sentence = problem.path("detail").asText(problem.path("title").asText(sentence));
    } catch (IOException e) {
      // the status says enough
    }
    return new ServiceReply.Refused<>(status, code, CodePoints.cut(sentence, SENTENCE_LENGTH_MAX));
  }
}
