package dev.quittance.sandbox.page;

import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/// Answers for browsers.
public final class Pages {

  private Pages() {}

  /// Whether a browser asks, and not a program.
  public static boolean wanted(HttpHeaders headers) {
    return headers.getAcceptableMediaTypes().stream()
        .anyMatch(type -> !type.isWildcardType() && type.isCompatible(MediaType.TEXT_HTML_TYPE));
  }

  /// A page.
  public static Response page(TemplateInstance page) {
    return page(200, page);
  }

  /// A page with another status than 200.
  public static Response page(int status, TemplateInstance page) {
    return Response.status(status).type("text/html; charset=utf-8").entity(page.render()).build();
  }

  /// After a form was sent: shows this, so that reloading sends nothing twice.
  public static Response to(String address) {
    return Response.seeOther(URI.create(address)).build();
  }
}
