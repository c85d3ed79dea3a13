package dev.quittance.fulfillment.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.server.core.CurrentRequestManager;
import org.jboss.resteasy.reactive.server.core.multipart.FormData;
import org.jboss.resteasy.reactive.server.multipart.FormValue;
import org.jspecify.annotations.Nullable;

/// A form that was sent when the session was over. Nothing of it was done; it goes along with the
/// sign-in, in the page alone, and is shown again afterwards.
///
/// @param action where it goes
public record PendingForm(String action, List<Field> fields) {

  /// What its fields are called while they go along.
  static final String PREFIX = "pending.";

  static final String ACTION = "pending-action";

  private static final Pattern OF_CONSOLE =
      Pattern.compile("/console/(?!sign-)[\\w.~!$&'()*+,;=:@%/-]{1,500}");

  /// Our pages' own. Without `confirmed` and `key` what is about to happen is asked again.
  private static final Set<String> NOT_TYPED = Set.of(CsrfProtection.FIELD, "confirmed", "key");

  /// What pages say by themselves, beside what people type.
  private static final Set<String> UNSEEN =
      Set.of("line", "letter", "receipt", "one", "all", "topic");

  public PendingForm {
    fields = List.copyOf(fields);
  }

  /// What stood in a field.
  ///
  /// @param shown whether it is for people to see
  public record Field(String name, String value, boolean shown) {

    /// What stands before it.
    public String label() {
      return name.isEmpty() ? name : Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /// It may be a key that a customer bought.
    @Override
    public String toString() {
      return name;
    }
  }

  /// The form that the current request brought.
  static Optional<PendingForm> sent(String path) {
    return of(path, "");
  }

  /// The form that goes along with the current sign-in.
  static Optional<PendingForm> alongside() {
    FormData form = CurrentRequestManager.get().getFormData();
    FormValue action = form == null ? null : form.getFirst(ACTION);
    return action == null ? Optional.empty() : of(action.getValue(), PREFIX);
  }

  private static Optional<PendingForm> of(@Nullable String action, String prefix) {
    FormData form = CurrentRequestManager.get().getFormData();
    if (form == null || action == null || !isOurs(action)) {
      return Optional.empty();
    }
    var fields = new ArrayList<Field>();
    for (String sent : form) {
      String name = sent.startsWith(prefix) ? sent.substring(prefix.length()) : "";
      if (!name.isEmpty() && !NOT_TYPED.contains(name)) {
        for (FormValue value : form.get(sent)) {
          if (!value.isFileItem()) {
            fields.add(new Field(name, value.getValue(), !UNSEEN.contains(name)));
          }
        }
      }
    }
    return Optional.of(new PendingForm(action, fields));
  }

  private static boolean isOurs(String action) {
    return OF_CONSOLE.matcher(action).matches() && !action.contains("//") && !action.contains("..");
  }
}
