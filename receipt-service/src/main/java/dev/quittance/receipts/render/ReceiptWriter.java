package dev.quittance.receipts.render;

import dev.quittance.contracts.Address;
import dev.quittance.contracts.Customer;
import dev.quittance.contracts.LineItem;
import dev.quittance.contracts.Money;
import dev.quittance.contracts.PaymentMethod;
import dev.quittance.contracts.Reason;
import dev.quittance.contracts.ReceiptEvent.Kind;
import dev.quittance.contracts.Totals;
import dev.quittance.receipts.receipt.ReceiptContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts a receipt into words.
final class ReceiptWriter {

  /// Providers' descriptions are short; a longer one is somebody's mistake or mischief.
  private static final int TEXT_MAX = 300;

  /// A receipt of more lines than this would be cut by mail programs; what is left out is said.
  private static final int ITEMS_MAX = 250;

  private static final Pattern BREAKS = Pattern.compile("[\\p{Cntrl}\\s\u2028\u2029]+");

  private final ReceiptContent content;
  private final String number;
  private final Merchant merchant;
  private final Language language;
  private final @Nullable ReceiptLink link;

  private ReceiptWriter(
      ReceiptContent content, String number, Merchant merchant, @Nullable ReceiptLink link) {
    this.content = content;
    this.number = number;
    this.merchant = merchant;
    this.link = link;
    this.language = Language.of(content.locale(), merchant.locale());
  }

  static ReceiptPage write(
      ReceiptContent content, String number, Merchant merchant, @Nullable ReceiptLink link) {
    return new ReceiptWriter(content, number, merchant, link).page();
  }

  /// A mail with a code.
  static CodePage code(ReceiptContent content, String code, Merchant merchant) {
    return new ReceiptWriter(content, "", merchant, null).codePage(code);
  }

  private CodePage codePage(String code) {
    return new CodePage(
        language.tag(),
        language.word("dir"),
        language.word("code.subject", merchant.name()),
        merchant,
        language.word("code.heading"),
        language.word("code.intro"),
        content.lineItems().stream()
            .limit(ITEMS_MAX)
            .map(line -> clip(line.description()))
            .toList(),
        language.word("code"),
        code.strip(),
        content.reference() == null ? null : row("order", clip(content.reference())),
        language.word("code.keep"),
        footer());
  }

  private ReceiptPage page() {
    Breakdown breakdown = Breakdown.of(content.lineItems(), content.totals(), content.paid());
    boolean itemized =
        switch (content.kind()) {
          case PAYMENT -> true;
          case REFUND, CORRECTION -> false;
        };
    return new ReceiptPage(
        language.tag(),
        language.word("dir"),
        language.word(say("subject"), merchant.name(), subjectSays()),
        merchant,
        content.livemode() ? null : language.word("test"),
        language.word(say("heading")),
        intro(),
        number,
        facts(),
        language.word("items"),
        language.word("item"),
        language.word("amount"),
        breakdown.priced(),
        itemized ? items(breakdown) : List.of(),
        sums(breakdown),
        link(),
        footer());
  }

  private ReceiptPage.@Nullable Reference link() {
    return switch (link) {
      case null -> null;
      case ReceiptLink.Online(var href) -> new ReceiptPage.Reference(language.word("online"), href);
      case ReceiptLink.Pdf(var href) -> new ReceiptPage.Reference(language.word("pdf"), href);
    };
  }

  private String say(String what) {
    String kind =
        switch (content.kind()) {
          case PAYMENT -> content.amount().isPositive() ? "payment" : "free";
          case REFUND -> "refund";
          case CORRECTION ->
              content.bounced()
                  ? "bounced"
                  : content.corrects() == null ? "correction" : "corrected";
        };
    return kind + "." + what;
  }

  /// A number tells a bookkeeper more than a sum; a sum tells a customer more than a number. Which
  /// receipt was wrong only its number tells.
  private String subjectSays() {
    return content.corrects() == null
        ? language.money(content.amount())
        : clip(content.corrects().number());
  }

  private String intro() {
    String right = language.money(content.amount());
    ReceiptContent.Corrected wrong = content.corrects();
    if (wrong == null) {
      return language.word(say("intro"), right);
    }
    String about =
        switch (wrong.kind()) {
          case PAYMENT -> "payment";
          case REFUND, CORRECTION -> "refund";
        };
    return language.word(
        "corrected." + about + (content.amount().isPositive() ? ".intro" : ".none.intro"),
        right,
        clip(wrong.number()),
        language.money(wrong.said()));
  }

  private List<ReceiptPage.Row> facts() {
    var facts = new ArrayList<ReceiptPage.Row>();
    facts.add(row("number", number));
    facts.add(row("date", language.date(content.happenedAt(), content.zone(), merchant.zone())));
    if (content.reference() != null) {
      facts.add(row("order", clip(content.reference())));
    }
    switch (content.kind()) {
      case PAYMENT -> {
        facts.add(row("payment.reference", clip(content.paymentReference())));
        method("payment.method", facts);
      }
      case REFUND, CORRECTION -> {
        ReceiptContent.Corrected wrong = content.corrects();
        if (wrong != null) {
          facts.add(row("corrected.number", clip(wrong.number())));
        }
        if (wrong == null || wrong.kind() != Kind.PAYMENT) { // which may not have been made at all
          facts.add(
              row("paid.on", language.date(content.paidAt(), content.zone(), merchant.zone())));
        }
        facts.add(row("payment.reference", clip(content.paymentReference())));
        if (content.refund() != null) {
          facts.add(row("refund.reference", clip(content.refund())));
        }
        method(content.kind() == Kind.REFUND ? "refund.method" : "payment.method", facts);
        reason(facts);
      }
    }
    customer(content.customer(), facts);
    return facts;
  }

  private void method(String label, List<ReceiptPage.Row> facts) {
    PaymentMethod method = content.method();
    if (method == null || !content.amount().isPositive()) {
      return;
    }
    String brand = method.brand();
    String known = language.wordIfAny("method." + method.type());
    String name =
        brand != null ? capitalized(brand) : known != null ? known : capitalized(method.type());
    String last4 = method.last4();
    facts.add(row(label, last4 == null ? name : language.word("method.ending", name, clip(last4))));
  }

  /// Only reasons of refunds that are meant for the customer: a shop's own words, or that it
  /// suspects fraud, are not.
  private void reason(List<ReceiptPage.Row> facts) {
    Reason reason = content.reason();
    if (content.kind() != Kind.REFUND || reason == null) {
      return;
    }
    String words = language.wordIfAny("reason." + reason.code());
    if (words != null) {
      facts.add(row("reason", words));
    }
  }

  private void customer(Customer customer, List<ReceiptPage.Row> facts) {
    String name = customer.name();
    String address = customer.address() == null ? "" : address(customer.address());
    String all =
        Stream.of(name == null ? "" : clip(name), address)
            .filter(part -> !part.isBlank())
            .collect(Collectors.joining(", "));
    if (!all.isEmpty()) {
      facts.add(row("customer", all));
    }
    if (customer.taxId() != null) {
      facts.add(row("customer.taxId", clip(customer.taxId())));
    }
  }

  private static String address(Address address) {
    String city =
        Stream.of(address.postalCode(), address.city())
            .filter(part -> part != null && !part.isBlank())
            .map(ReceiptWriter::clip)
            .collect(Collectors.joining(" "));
    return Stream.of(address.line1(), address.line2(), city, address.state(), address.country())
        .filter(part -> part != null && !part.isBlank())
        .map(ReceiptWriter::clip)
        .collect(Collectors.joining(", "));
  }

  private List<ReceiptPage.Item> items(Breakdown breakdown) {
    var items = new ArrayList<ReceiptPage.Item>();
    for (LineItem line : content.lineItems().stream().limit(ITEMS_MAX).toList()) {
      items.add(
          new ReceiptPage.Item(
              clip(line.description()), details(line, breakdown), shown(line, breakdown)));
    }
    int left = content.lineItems().size() - items.size();
    if (left > 0) {
      items.add(new ReceiptPage.Item("… +" + language.number(left), List.of(), null));
    }
    if (items.isEmpty() && content.description() != null) {
      items.add(new ReceiptPage.Item(clip(content.description()), List.of(), null));
    }
    return items;
  }

  private List<String> details(LineItem line, Breakdown breakdown) {
    var details = new ArrayList<String>();
    Money unit = line.unitAmount();
    if (unit != null && unit.comparableWith(content.paid()) && breakdown.priced()) {
      details.add(
          language.word("item.quantity", language.number(line.quantity()), language.money(unit)));
    } else if (line.quantity() > 1) {
      details.add(language.word("item.quantity.only", language.number(line.quantity())));
    }
    if (breakdown.priced()) {
      priced(line, breakdown, details);
    }
    return details;
  }

  /// What made the line dearer or cheaper, as far as it is told for each line.
  private void priced(LineItem line, Breakdown breakdown, List<String> details) {
    Money discount = line.discount();
    if (discount != null && discount.comparableWith(content.paid()) && discount.isPositive()) {
      details.add(language.word("item.discount", language.minus(discount)));
    }
    Money tax = line.tax();
    if (tax != null && tax.comparableWith(content.paid()) && tax.isPositive()) {
      String words = language.word("item.tax", language.money(tax));
      Totals totals = content.totals();
      boolean within = breakdown == Breakdown.SIMPLE || (totals != null && totals.taxIncluded());
      details.add(within ? language.word("tax.included", words) : words);
    }
  }

  private @Nullable String shown(LineItem line, Breakdown breakdown) {
    Money shown =
        switch (breakdown) {
          case DETAILED -> line.subtotal();
          case SIMPLE -> line.amount();
          case TOTALS, NONE -> null;
        };
    return shown == null ? null : language.money(shown);
  }

  private List<ReceiptPage.Row> sums(Breakdown breakdown) {
    ReceiptContent.Corrected wrong = content.corrects();
    if (wrong != null) {
      return List.of(
          row("corrected.said", language.money(wrong.said())),
          ReceiptPage.Row.strong(
              language.word("corrected.amount"), language.money(content.amount())));
    }
    return switch (content.kind()) {
      case PAYMENT -> paymentSums(breakdown);
      case REFUND, CORRECTION -> refundSums();
    };
  }

  private List<ReceiptPage.Row> paymentSums(Breakdown breakdown) {
    var sums = new ArrayList<ReceiptPage.Row>();
    Totals totals = content.totals();
    boolean detailed =
        switch (breakdown) {
          case DETAILED, TOTALS -> true;
          case SIMPLE, NONE -> false;
        };
    if (detailed) {
      sum("subtotal", totals == null ? null : totals.subtotal(), sums);
      Money discount = totals == null ? null : totals.discount();
      if (discount != null && isPositive(discount)) {
        sums.add(row("discount", language.minus(discount)));
      }
    }
    if (breakdown != Breakdown.NONE && totals != null && isPositive(totals.shipping())) {
      sum("shipping", totals.shipping(), sums);
    }
    List<Totals.TaxLine> taxes =
        totals == null || breakdown == Breakdown.NONE ? List.of() : taxes(totals);
    boolean within = !detailed || (totals != null && totals.taxIncluded());
    if (!within) {
      taxes.forEach(
          tax -> sums.add(ReceiptPage.Row.of(taxName(tax), language.money(tax.amount()))));
    }
    sums.add(ReceiptPage.Row.strong(language.word("total"), language.money(content.amount())));
    if (within) {
      taxes.forEach(tax ->
          sums.add(
              ReceiptPage.Row.of(
                  language.word("tax.included", taxName(tax)), language.money(tax.amount()))));
    }
    charged("charged", sums);
    return sums;
  }

  private void sum(String label, @Nullable Money amount, List<ReceiptPage.Row> sums) {
    if (amount != null && Breakdown.shown(amount, content.paid())) {
      sums.add(row(label, language.money(amount)));
    }
  }

  private boolean isPositive(@Nullable Money amount) {
    return amount != null && Breakdown.shown(amount, content.paid()) && amount.isPositive();
  }

  /// The taxes by rate where they add up to the whole, else the whole.
  private List<Totals.TaxLine> taxes(Totals totals) {
    Money tax = totals.tax();
    List<Totals.TaxLine> byRate =
        totals.taxes().stream()
            .filter(line -> Breakdown.shown(line.amount(), content.paid()))
            .toList();
    if (tax == null || !Breakdown.shown(tax, content.paid())) {
      return byRate;
    }
    Money sum =
        byRate.stream().map(Totals.TaxLine::amount).reduce(Money.zero(tax.currency()), Money::plus);
    if (!byRate.isEmpty() && sum.equals(tax)) {
      return byRate;
    }
    return tax.isPositive() ? List.of(new Totals.TaxLine(null, null, tax)) : List.of();
  }

  private String taxName(Totals.TaxLine tax) {
    String name = tax.name() == null ? language.word("tax") : clip(tax.name());
    String rate = tax.ratePercent();
    return rate == null ? name : language.word("tax.rate", name, clip(language.rate(rate)));
  }

  private List<ReceiptPage.Row> refundSums() {
    var sums = new ArrayList<ReceiptPage.Row>();
    if (content.bounced()) {
      sums.add(
          ReceiptPage.Row.strong(
              language.word("bounced.amount"), language.money(content.amount())));
      return sums;
    }
    sums.add(row("paid", language.money(content.paid())));
    boolean refunded =
        switch (content.kind()) {
          case REFUND -> true;
          case CORRECTION, PAYMENT -> false;
        };
    sums.add(
        ReceiptPage.Row.strong(
            language.word(refunded ? "refund.amount" : "correction.amount"),
            language.money(content.amount())));
    if (refunded) {
      charged("refund.charged", sums);
    }
    if (!content.refunded().equals(content.amount())) {
      sums.add(row("refunded.total", language.money(content.refunded())));
    }
    sums.add(row("remaining", language.money(content.remaining())));
    return sums;
  }

  private void charged(String label, List<ReceiptPage.Row> sums) {
    if (content.charged() != null) {
      sums.add(row(label, language.money(content.charged())));
    }
  }

  private List<String> footer() {
    var footer = new ArrayList<String>();
    footer.add(merchant.name());
    footer.addAll(merchant.address());
    if (merchant.taxId() != null) {
      footer.add(language.word("merchant.taxId", merchant.taxId()));
    }
    if (merchant.support() != null) {
      footer.add(language.word("support", merchant.support()));
    }
    return footer;
  }

  private ReceiptPage.Row row(String label, String value) {
    return ReceiptPage.Row.of(language.word(label), value);
  }

  /// `visa` as people write it; what is all in capitals stays so.
  private static String capitalized(String word) {
    String clean = clip(word.replace('_', ' '));
    return clean.isEmpty()
        ? clean
        : clean.substring(0, 1).toUpperCase(Locale.ROOT) + clean.substring(1);
  }

  /// One line without control characters, of bounded length.
  private static String clip(String text) {
    String line = BREAKS.matcher(text).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= TEXT_MAX
        ? line
        : line.substring(0, line.offsetByCodePoints(0, TEXT_MAX)) + "…";
  }
}
