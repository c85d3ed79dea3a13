package dev.quittance.fulfillment.api;

import dev.quittance.access.Open;
import dev.quittance.access.Problem;
import dev.quittance.access.RefusedRequest;
import dev.quittance.contracts.CloudEvent;
import dev.quittance.contracts.Sha256;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The contracts that others read: what `ce_dataschema` names, and the AsyncAPI document. They say
/// nothing about anybody and stand in the source, so there is nobody to keep them from.
@Path("/")
@Open
public class ContractsResource {

  /// Names of event types and nothing that could lead anywhere else.
  private static final Pattern SCHEMA = Pattern.compile("[a-z0-9_]+(\\.[a-z0-9_]+)*\\.json");

  /// They change with a release only; an hour is soon enough to see one.
  private static final int MAX_AGE_SECONDS = 3_600;

  private static final String SCHEMA_TYPE = "application/schema+json";

  /// As AsyncAPI registered it with IANA.
  private static final String ASYNC_API_TYPE = "application/vnd.aai.asyncapi+yaml;version=3.0.0";

  /// A document and the hash that tells its versions apart.
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Document(byte[] bytes, EntityTag tag) {}

  private final ConcurrentHashMap<String, Document> documents = new ConcurrentHashMap<>();

  @GET
  @Path("/asyncapi.yaml")
  public Response asyncApi(@Context Request request) {
    return answer("/asyncapi.yaml", ASYNC_API_TYPE, request);
  }

  @GET
  @Path(CloudEvent.SCHEMAS + "{name}")
  public Response schema(@PathParam("name") String name, @Context Request request) {
    if (!SCHEMA.matcher(name).matches()) {
      throw noSuchDocument();
    }
    return answer(CloudEvent.SCHEMAS + name, SCHEMA_TYPE, request);
  }

  private Response answer(String path, String type, Request request) {
    Document document = documents.get(path);
    if (document == null) {
      document = read(path).orElseThrow(ContractsResource::noSuchDocument);
      documents.put(path, document);
    }
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(document.tag);
    Response.ResponseBuilder answer =
        unchanged != null ? unchanged : Response.ok(document.bytes).header("Content-Type", type);
    var cache = new CacheControl();
    cache.setMaxAge(MAX_AGE_SECONDS);
    return answer.tag(document.tag).cacheControl(cache).build();
  }

  private static Optional<Document> read(String path) {
    try (InputStream file = CloudEvent.class.getResourceAsStream(path)) {
      if (file == null) {
        return Optional.empty();
      }
      byte[] bytes = file.readAllBytes();
      String hash = HexFormat.of().formatHex(Sha256.of(bytes), 0, 16);
      return Optional.of(new Document(bytes, new EntityTag(hash)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RefusedRequest noSuchDocument() {
    return Problem.of(404, "no_such_document", "There is no such document.").exception();
  }
}
