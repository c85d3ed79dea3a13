package dev.quittance.access;

import jakarta.ws.rs.core.Response.ResponseBuilder;

/// Pages for customers, whose addresses hold what opens them: nobody keeps them, finds them or is
/// told of them.
public final class CustomerPages {

  private CustomerPages() {}

  /// @param policy what the page may load (CSP)
  public static ResponseBuilder seal(ResponseBuilder page, String policy) {
    return page.header("Content-Security-Policy", policy)
        .header("Cache-Control", "no-store")
        .header("Referrer-Policy", "no-referrer")
        .header("X-Robots-Tag", "noindex");
  }
}
