package dev.quittance.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The page between asking for something and its being done. Its form carries what was asked for,
/// and a key by which a repeated click is known as one.
///
/// @param action where the form goes
/// @param back where whoever doesn't want it goes
/// @param danger whether it can't be taken back
public record Confirmation(
    String title,
    List<String> sentences,
    String action,
    List<Field> fields,
    String button,
    boolean danger,
    String back) {

  /// The form's field that says that it was asked before.
  public static final String CONFIRMED = "confirmed";

  /// The form's field with the key.
  public static final String KEY = "key";

  private static final Pattern KEYS = Pattern.compile("[0-9a-f-]{36}");

  public Confirmation {
    sentences = List.copyOf(sentences);
    fields = List.copyOf(fields);
  }

  /// A hidden field.
  public record Field(String name, String value) {

    /// It may be a key that a customer bought.
    @Override
    public String toString() {
      return name;
    }
  }

  /// The key of a form that was confirmed; null of one that wasn't.
  public static @Nullable String key(@Nullable String confirmed, @Nullable String key) {
    return "yes".equals(confirmed) && key != null && KEYS.matcher(key).matches() ? key : null;
  }

  /// These fields, and those that every confirmation has.
  public static List<Field> with(List<Field> fields) {
    var all = new ArrayList<>(fields);
    all.add(new Field(CONFIRMED, "yes"));
    all.add(new Field(KEY, UUID.randomUUID().toString()));
    return all;
  }

  /// The page.
  ///
  /// @param subject what it is about; empty where the title says so
  public TemplateInstance page(String subject) {
    return Templates.confirm(subject, this);
  }

  @CheckedTemplate(basePath = "console", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance confirm(String subject, Confirmation confirmation);
  }
}
