package dev.quittance.receipts;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What can be set, beside Quarkus' own settings.
@ConfigMapping(prefix = "quittance.receipts")
public interface ReceiptSettings {

  /// The merchant of every endpoint that names no other.
  Merchant merchant();

  /// By the webhook endpoint's name.
  Map<String, Endpoint> endpoints();

  /// The merchants of connected accounts, by names of your own: an account's id has upper-case
  /// mails, which an environment variable can't hold.
  Map<String, Account> accounts();

  /// How long a refund that is known from its total only waits for the refund itself to be heard
  /// of.
  @WithDefault("10s")
  Duration totalsSettle();

  /// Where customers reach this service, such as `https://receipts.example.com`. Only with it do
  /// mails link to the receipt's page.
  Optional<String> baseUrl();

  /// Whether receipts come with a PDF.
  @WithDefault("true")
  boolean pdf();

  /// A TrueType file for PDFs in a script that the built-in fonts lack: they have Latin, Greek,
  /// Cyrillic and Japanese.
  Optional<Path> pdfFont();

  /// Decides which year a receipt's number belongs to.
  @WithDefault("UTC")
  ZoneId zone();

  /// How mails are sent.
  Mail mail();

  /// Who sold it.
  interface Merchant {
    /// Starts the receipt numbers; without it, the provider account's name does.
    Optional<String> code();

    /// As it stands on receipts and in the sender of mails.
    Optional<String> name();

    /// The lines of the postal address.
    Optional<List<String>> address();

    /// For example a VAT id.
    Optional<String> taxId();

    /// An e-mail address for questions; answers to receipts go there.
    Optional<String> support();

    /// An https address of an image; without it nothing is loaded from the network.
    Optional<String> logoUrl();

    /// A PNG or JPEG file of at most 200 kB, for PDFs.
    Optional<Path> logoFile();

    /// The accent, `#rrggbb`.
    Optional<String> color();

    /// BCP 47, for customers of whom no language is known.
    Optional<String> locale();

    /// For dates of customers of whom no time zone is known: an IANA name.
    Optional<String> zone();

    /// Where such mails can be declined, a `mailto:` or `https:` address: `List-Unsubscribe`.
    Optional<String> unsubscribe();

    /// The sender's address of the mails.
    Optional<String> from();
  }

  /// One webhook endpoint.
  interface Endpoint {
    /// Whether its payments get receipts.
    @WithDefault("true")
    boolean enabled();

    /// Whether codes that were delivered are mailed. Not where the provider mails them itself.
    @WithDefault("true")
    boolean codes();

    /// Whether its receipts come with a PDF; without it, the common setting counts.
    Optional<Boolean> pdf();

    /// What differs from the common merchant.
    Merchant merchant();
  }

  /// A connected account that payments are taken for.
  interface Account {
    /// The provider's id of it, `acct_…`.
    String id();

    /// What differs from the common merchant.
    Merchant merchant();
  }

  /// How mails are sent. The server itself is set as `quarkus.mailer.*`; `max-pool-size` there is
  /// the number of mails under way at a time.
  interface Mail {
    /// Until a connection stands.
    @WithDefault("10s")
    Duration connectTimeout();

    /// Silence on a connection, in whole seconds; then it is closed. RFC 5321, 4.5.3.2.6, would
    /// have ten minutes after the final dot, since who hangs up sooner may send again what was
    /// taken. Five is the compromise with the pool, which has one connection less meanwhile.
    @WithDefault("5m")
    Duration replyTimeout();

    /// For one mail in all.
    @WithDefault("6m")
    Duration deadline();

    /// Mails a minute and instance that the server wants no more of; 0 where it takes what comes.
    @WithDefault("0")
    int perMinute();

    /// How long a mail belongs to the instance that took it. It is renewed while the mail is in
    /// hand, so that only mails of an instance that died have to wait for its end. Clocks that
    /// differ by more than two thirds of it make two instances send one mail.
    @WithDefault("90s")
    Duration lease();

    /// After the first attempt that failed for the time being; then three times as long each.
    @WithDefault("10s")
    Duration retryFirst();

    /// The longest wait between two attempts.
    @WithDefault("1h")
    Duration retryMost();

    /// Since the mail became due. Time in which the server was away or refused everybody doesn't
    /// count.
    @WithDefault("72h")
    Duration giveUpAfter();

    /// After the third fault of the server in a row; then twice as long each.
    @WithDefault("1s")
    Duration pauseFirst();

    /// The longest pause between two looks whether the server is back.
    @WithDefault("30s")
    Duration pauseMost();

    /// The longest pause between two tries while the server refuses everybody: longer, because
    /// relays block those for longer who don't let go.
    @WithDefault("5m")
    Duration pauseRefused();

    /// Whether mails, and the login, may go to a server on another machine in the clear.
    @WithDefault("false")
    boolean plaintext();
  }
}
