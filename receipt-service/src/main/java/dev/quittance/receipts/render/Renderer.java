package dev.quittance.receipts.render;

import dev.quittance.receipts.receipt.ReceiptContent;
import io.quarkus.qute.Engine;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.Template;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Prints receipts. Safe for use by several threads.
public final class Renderer {

  private final Template html;
  private final Template text;
  private final Template codeHtml;
  private final Template codeText;
  private final PdfPrinterPool press;

  public Renderer() {
    this(Optional.empty());
  }

  /// @param font for PDFs, for a script that the built-in ones lack: a TrueType file
  public Renderer(Optional<Path> font) {
    this.press = new PdfPrinterPool(font);
    Engine engine =
        Engine.builder()
            .addDefaults()
            .addValueResolver(new ReflectionValueResolver())
            .addResultMapper(new HtmlEscaper(List.of(Variant.TEXT_HTML)))
            .build();
    this.html = template(engine, "receipt.html", Variant.TEXT_HTML);
    this.text = template(engine, "receipt.txt", Variant.TEXT_PLAIN);
    this.codeHtml = template(engine, "code.html", Variant.TEXT_HTML);
    this.codeText = template(engine, "code.txt", Variant.TEXT_PLAIN);
  }

  /// Prints a receipt.
  public Rendered render(ReceiptContent content, String number, Merchant merchant) {
    return render(content, number, merchant, Optional.empty());
  }

  /// Prints a receipt that says where more is to be found of it.
  public Rendered render(
      ReceiptContent content,
      String number,
      Merchant merchant,
      Optional<? extends ReceiptLink> link) {
    ReceiptPage page = ReceiptWriter.write(content, number, merchant, link.orElse(null));
    return new Rendered(
        page.title(),
        text.data("page", page).render(),
        ascii(html.data("page", page).render()),
        page.language());
  }

  /// Renders a mail with a code, which is no receipt and is kept nowhere.
  ///
  /// @param content what was bought
  public Rendered code(ReceiptContent content, String code, Merchant merchant) {
    CodePage page = ReceiptWriter.code(content, code, merchant);
    return new Rendered(
        page.title(),
        codeText.data("page", page).render(),
        ascii(codeHtml.data("page", page).render()),
        page.language());
  }

  /// Prints a receipt as PDF. The same receipt gives the same bytes.
  ///
  /// @return nothing when no font can write its language
  public Optional<byte[]> pdf(ReceiptContent content, String number, Merchant merchant) {
    return press.print(ReceiptWriter.write(content, number, merchant, null));
  }

  private static Template template(Engine engine, String name, String type) {
    try (InputStream resource = Renderer.class.getResourceAsStream("/receipts/" + name)) {
      if (resource == null) {
        throw new IllegalStateException("the template " + name + " is missing");
      }
      String source = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      return engine.parse(source, Variant.forContentType(type), name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String ascii(String markup) {
    var ascii = new StringBuilder(markup.length() + 256);
    for (int i = 0; i < markup.length(); i += Character.charCount(markup.codePointAt(i))) {
      int character = markup.codePointAt(i);
      if (character < 128) {
        ascii.append((char) character);
      } else {
        ascii.append("&#").append(character).append(';');
      }
    }
    return ascii.toString();
  }
}
