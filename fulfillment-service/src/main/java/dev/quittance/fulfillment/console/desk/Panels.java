package dev.quittance.fulfillment.console.desk;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateInstance;
import org.jspecify.annotations.Nullable;

/// Parts of pages that are loaded by themselves: bare for htmx, as a page of their own for whoever
/// follows the link instead.
final class Panels {

  private Panels() {}

  /// @param htmx the header by which htmx makes itself known
  static TemplateInstance of(String title, @Nullable String htmx, TemplateInstance content) {
    return htmx != null ? content : Templates.panel(title, new RawString(content.render()));
  }

  /// How many wait for somebody, beside the link to where they are; nothing where nobody is needed.
  static TemplateInstance count(long waiting) {
    return Templates.count(waiting == 0 ? "" : Words.number(waiting));
  }

  @CheckedTemplate(basePath = "desk", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance count(String waiting);

    static native TemplateInstance panel(String title, RawString content);
  }
}
