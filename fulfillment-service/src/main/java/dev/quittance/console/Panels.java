package dev.quittance.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/// Parts of pages that are loaded by themselves: bare for htmx, as a page of their own for whoever
/// follows the link instead.
public final class Panels {

  private Panels() {}

  /// @param htmx the header by which htmx makes itself known
  public static TemplateInstance of(String title, @Nullable String htmx, TemplateInstance content) {
    return htmx != null ? content : Templates.panel(title, new RawString(content.render()));
  }

  /// How many wait for somebody, beside the link to where they are; nothing where nobody is needed.
  public static TemplateInstance count(long waiting) {
    return Templates.count(waiting == 0 ? "" : Labels.number(waiting));
  }

  @CheckedTemplate(basePath = "console", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance count(String waiting);

    static native TemplateInstance panel(String title, RawString content);
  }
}
