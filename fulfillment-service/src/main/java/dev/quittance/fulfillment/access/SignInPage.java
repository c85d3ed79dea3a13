package dev.quittance.fulfillment.access;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The page to sign in by, and those around it.
@ApplicationScoped
class SignInPage {

  static final String START = "/console";

  private static final MediaType HTML = MediaType.TEXT_HTML_TYPE.withCharset("utf-8");

  /// A page of ours, and nothing that a browser could take for another site.
  private static final Pattern OWN_PAGE =
      Pattern.compile("/console(/[\\w.~!$&'()*+,;=:@%/-]*)?(\\?[\\w.~!$&'()*+,;=:@%/?-]*)?");

  private final Users users;
  private final OpenIdCallers provider;

  SignInPage(Users users, OpenIdCallers provider) {
    this.users = users;
    this.provider = provider;
  }

  /// @param to where somebody wanted to go
  /// @param problem what went wrong, for people
  /// @param pending what they had sent, if the session ended under it
  Response show(
      int status, @Nullable String to, @Nullable String problem, @Nullable PendingForm pending) {
    return html(status, page(to, problem, pending));
  }

  /// The page alone.
  String page(@Nullable String to, @Nullable String problem, @Nullable PendingForm pending) {
    return Templates.signIn(
            own(to),
            URLEncoder.encode(own(to), StandardCharsets.UTF_8),
            problem == null ? "" : problem,
            users.havePasswords(),
            provider.enabled(),
            pending)
        .render();
  }

  /// What was sent when the session was over, to be sent again.
  Response resume(PendingForm pending) {
    return html(200, Templates.resume(pending).render());
  }

  /// What is left to do after signing out here.
  ///
  /// @param provider where to sign out there as well; empty where there is no such page
  Response signedOut(String provider) {
    return html(200, Templates.signedOut(provider).render());
  }

  private static Response html(int status, String page) {
    return Response.status(status).type(HTML).entity(page).build();
  }

  /// The same, if it is a page of ours, and where the console begins otherwise.
  static String own(@Nullable String to) {
    return to != null && OWN_PAGE.matcher(to).matches() && !to.contains("//") ? to : START;
  }

  @CheckedTemplate(basePath = "access", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance signIn(
        String to,
        String toEncoded,
        String problem,
        boolean byPassword,
        boolean byProvider,
        @Nullable PendingForm pending);

    static native TemplateInstance resume(PendingForm pending);

    static native TemplateInstance signedOut(String provider);
  }
}
