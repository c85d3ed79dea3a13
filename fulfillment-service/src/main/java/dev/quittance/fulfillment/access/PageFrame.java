package dev.quittance.fulfillment.access;

import dev.quittance.access.Caller;
import dev.quittance.access.Role;
import dev.quittance.access.Tokens;
import dev.quittance.fulfillment.order.PersonalData;
import dev.quittance.fulfillment.persistence.Audit.Person;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is around the content of every page: who looks at it, and the token that its forms send
/// back.
@RequestScoped
@Named("shell")
public class PageFrame {

  /// 256 bits: not to be guessed.
  private static final int TOKEN_BYTES = 32;

  private static final Pattern TOKEN = Pattern.compile("[0-9a-f]{64}");
  private static final SecureRandom RANDOM = new SecureRandom();

  private @Nullable Caller caller;
  private String token = "";
  private boolean tokenIsNew;
  private boolean page;
  private boolean console;

  /// Who asks; absent on what is open to strangers.
  public @Nullable Caller getCaller() {
    return caller;
  }

  /// Who asks.
  ///
  /// @throws IllegalStateException where strangers may come
  public Caller known() {
    if (caller == null) {
      throw new IllegalStateException("open to strangers, but asks for who they are");
    }
    return caller;
  }

  /// Who asks, for the audit.
  ///
  /// @throws IllegalStateException where strangers may come
  public Person person() {
    Caller known = known();
    return new Person(
        known.name(),
        known.role().word(),
        known.way().word(),
        console ? Person.CONSOLE : Person.API);
  }

  /// What who asks sees of personal data.
  public PersonalData personalData() {
    return known().may(Role.OPERATOR) ? PersonalData.SHOWN : PersonalData.MASKED;
  }

  /// For templates: whether they may act.
  public boolean isOperator() {
    return caller != null && caller.may(Role.OPERATOR);
  }

  /// For templates: whether they may also make things gone for good.
  public boolean isAdmin() {
    return caller != null && caller.may(Role.ADMIN);
  }

  /// For templates: whether somebody may everything only because they sit at this machine.
  public boolean isLoopback() {
    return caller != null && caller.way() == Caller.Way.LOOPBACK;
  }

  /// For templates: goes into every form, as the field `csrf`.
  public String getToken() {
    if (token.isEmpty()) {
      byte[] random = new byte[TOKEN_BYTES];
      RANDOM.nextBytes(random);
      token = HexFormat.of().formatHex(random);
      tokenIsNew = true;
    }
    return token;
  }

  void caller(@Nullable Caller caller) {
    this.caller = caller;
  }

  void token(@Nullable String cookie) {
    if (cookie != null && TOKEN.matcher(cookie).matches()) {
      token = cookie;
    }
  }

  boolean isToken(@Nullable String given) {
    return given != null && !token.isEmpty() && Tokens.same(token, given);
  }

  boolean tokenIsNew() {
    return tokenIsNew;
  }

  void console(boolean asked) {
    console = asked;
  }

  void page(boolean wanted) {
    page = wanted;
  }

  /// Whether a person looks at it, in a browser.
  public boolean isPage() {
    return page;
  }
}
