package dev.quittance.contracts;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How far the provider's API was asked for what a fact says: `ce_lookup`. It ranks facts that one
/// translation made of one provider event: what was learned outweighs what wasn't, whichever came
/// first.
public enum LookUpState {
  /// The webhook says so much; the rest is being asked for. What an earlier translation learned by
  /// asking counts until the answer is here.
  PENDING,
  /// Nothing has to be asked: the webhook says it all. The header is left out.
  NONE,
  /// The provider was asked and didn't tell.
  UNKNOWN,
  /// The provider told.
  KNOWN;

  /// What `ce_lookup` is called.
  static final String HEADER = "ce_lookup";

  /// As it stands in `ce_lookup`, and in databases.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Reads [#wireName()]; anything unknown counts as nothing asked.
  public static LookUpState named(@Nullable String name) {
    for (LookUpState state : values()) {
      if (state.wireName().equals(name)) {
        return state;
      }
    }
    return NONE;
  }

  /// Whether it took a question to learn it, or that it can't be learned.
  public boolean asked() {
    return switch (this) {
      case NONE, PENDING -> false;
      case UNKNOWN, KNOWN -> true;
    };
  }
}
