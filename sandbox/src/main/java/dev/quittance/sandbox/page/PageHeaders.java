package dev.quittance.sandbox.page;

import dev.quittance.sandbox.settings.SandboxSettings;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jspecify.annotations.Nullable;

/// What every page may do: show itself, load its own style, and send forms home. No script.
@Singleton
public final class PageHeaders {

  private static final String HEADER = "Content-Security-Policy";

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self';"
          + " frame-ancestors 'self'; base-uri 'none'; form-action 'self'";

  private final Provider<SandboxSettings> settings;

  /// @param settings asked for only when a request comes: filters are made before they are read
  @Inject
  PageHeaders(Provider<SandboxSettings> settings) {
    this.settings = settings;
  }

  /// Forms of other sites change nothing here.
  @ServerRequestFilter
  @Nullable Response refuseForms(ContainerRequestContext request) {
    boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
    return !reads && "cross-site".equals(request.getHeaderString("Sec-Fetch-Site"))
        ? Response.status(Response.Status.FORBIDDEN).build()
        : null;
  }

  @ServerResponseFilter
  void add(ContainerResponseContext response) {
    MediaType type = response.getMediaType();
    MultivaluedMap<String, Object> headers = response.getHeaders();
    headers.putSingle("X-Content-Type-Options", "nosniff");
    if (type != null && type.isCompatible(MediaType.TEXT_HTML_TYPE)) {
      headers.computeIfAbsent(HEADER, name -> new ArrayList<>(List.of(policy())));
      headers.putSingle("Referrer-Policy", "same-origin");
      headers.putSingle("Cache-Control", "no-store");
    }
  }

  /// The policy of a page whose form may end at another site.
  ///
  /// @param address where the form's answer may lead to
  public String policyWith(@Nullable String address) {
    return address == null ? policy() : policy() + " " + origin(address);
  }

  private String policy() {
    return POLICY + settings.get().successPage().map(page -> " " + origin(page)).orElse("");
  }

  private static String origin(String address) {
    URI uri = URI.create(address.replaceFirst("\\?.*", ""));
    return uri.getScheme() + "://" + uri.getAuthority();
  }
}
