package dev.quittance.ingest.provider.stripe;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.stripe.StripeClient;
import com.stripe.exception.ApiConnectionException;
import com.stripe.exception.StripeException;
import com.stripe.net.ApiResource.RequestMethod;
import com.stripe.net.RawRequestOptions;
import dev.quittance.ingest.endpoint.Endpoint;
import dev.quittance.ingest.provider.Fields;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Stripe's API for one endpoint, by the official client. Objects are read as they come, because
/// the client's own classes know one API version only.
final class StripeApi {

  /// The secret or restricted key; without one nothing is ever asked.
  static final String API_KEY = "api-key";

  /// The base URL, for tests and proxies; Stripe's own unless set.
  static final String API_BASE = "api-base";

  /// How long to wait for a connection, and then for the answer, in milliseconds each.
  static final String API_TIMEOUT_MS = "api-timeout-ms";

  /// Stripe answers in a fraction of a second; what takes longer is better asked again.
  static final int TIMEOUT_MS = 10_000;

  /// The largest page that Stripe gives.
  static final int PAGE = 100;

  /// 2,000 objects: Checkout takes 100 line items at most, and hardly a charge has 100 refunds.
  static final int PAGES_MAX = 20;

  /// What an endpoint may set.
  static final Set<String> SETTINGS = Set.of(API_KEY, API_BASE, API_TIMEOUT_MS);

  /// A minute: whoever waits longer for one answer waits for an outage to end.
  private static final int TIMEOUT_MS_MAX = 60_000;

  /// Also: no answer in time.
  static final String NO_CONNECTION = "no_connection";

  private final StripeClient client;

  /// Whose objects are asked for; null for those of the key's own account.
  private final @Nullable String connectedAccount;

  private StripeApi(StripeClient client, @Nullable String connectedAccount) {
    this.client = client;
    this.connectedAccount = connectedAccount;
  }

  /// The same, asking for the objects of a connected account.
  ///
  /// @param account null for our own
  StripeApi in(@Nullable String account) {
    return new StripeApi(client, account);
  }

  /// Whether an endpoint has a key.
  static boolean configured(Endpoint endpoint) {
    return !endpoint.settings().getOrDefault(API_KEY, "").isBlank();
  }

  /// What is wrong with an endpoint's settings, as a sentence that says what to set.
  static Optional<String> complaint(Endpoint endpoint) {
    if (timeout(endpoint) < 1) {
      return Optional.of(
          "api-timeout-ms is no whole number from 1 to "
              + TIMEOUT_MS_MAX
              + "; set one, or leave it out for "
              + TIMEOUT_MS);
    }
    String base = endpoint.settings().getOrDefault(API_BASE, "https://");
    return base.startsWith("https://") || base.startsWith("http://")
        ? Optional.empty()
        : Optional.of("api-base is no http or https URL; set one, or leave it out for Stripe's");
  }

  /// In milliseconds; 0 where what is set makes no sense.
  private static int timeout(Endpoint endpoint) {
    String text = endpoint.settings().get(API_TIMEOUT_MS);
    if (text == null) {
      return TIMEOUT_MS;
    }
    try {
      int timeout = Integer.parseInt(text);
      return timeout <= TIMEOUT_MS_MAX ? timeout : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static StripeApi of(Endpoint endpoint) {
    Map<String, String> settings = endpoint.settings();
    int timeout = timeout(endpoint);
    var builder =
        StripeClient.builder()
            .setApiKey(settings.get(API_KEY))
            .setConnectTimeout(timeout)
            .setReadTimeout(timeout)
            // Whoever asks tries again by itself, later and without holding up others.
            .setMaxNetworkRetries(0);
    String base = settings.get(API_BASE);
    if (base != null) {
      builder.setApiBase(base.endsWith("/") ? base.substring(0, base.length() - 1) : base);
    }
    return new StripeApi(builder.build(), null);
  }

  /// One object.
  ///
  /// @throws Refused when Stripe won't tell, however often it is asked
  /// @throws Unavailable when Stripe can't tell now
  Fields get(String path) throws Refused, Unavailable {
    return get(path, Map.of());
  }

  /// All objects of a list, page by page.
  ///
  /// @throws Refused when Stripe won't tell, or the list has more than [#PAGES_MAX] pages
  /// @throws Unavailable when Stripe can't tell now
  List<Fields> list(String path, Map<String, String> filters) throws Refused, Unavailable {
    var all = new ArrayList<Fields>();
    var parameters = new LinkedHashMap<>(filters);
    parameters.put("limit", Integer.toString(PAGE));
    for (int page = 0; page < PAGES_MAX; page++) {
      Fields answer = get(path, parameters);
      List<Fields> objects = answer.children("data");
      all.addAll(objects);
      String last = objects.isEmpty() ? null : objects.getLast().text("id");
      if (!answer.is("has_more") || last == null) {
        return all;
      }
      parameters.put("starting_after", last);
    }
    throw new Refused("more pages than " + PAGES_MAX);
  }

  /// One page of a list, or one object.
  Fields get(String path, Map<String, String> parameters) throws Refused, Unavailable {
    String query = form(parameters);
    String url = query.isEmpty() ? path : path + "?" + query;
    return asked(RequestMethod.GET, url, null, RawRequestOptions.builder());
  }

  /// Asks for something to be done, once for each key.
  ///
  /// @throws Refused when Stripe won't, however often it is asked
  /// @throws Unavailable when Stripe can't now, or doesn't say whether it did
  Fields post(String path, Map<String, String> parameters, String idempotencyKey)
      throws Refused, Unavailable {
    var options = RawRequestOptions.builder();
    options.setIdempotencyKey(idempotencyKey);
    return asked(RequestMethod.POST, path, form(parameters), options);
  }

  private Fields asked(
      RequestMethod method,
      String url,
      @Nullable String content,
      RawRequestOptions.RawRequestOptionsBuilder options)
      throws Refused, Unavailable {
    if (connectedAccount != null) {
      options.setStripeAccount(connectedAccount);
    }
    String body;
    try {
      body = client.rawRequest(method, url, content, options.build()).body();
    } catch (ApiConnectionException e) {
      throw new Unavailable(NO_CONNECTION);
    } catch (StripeException e) {
      throw refusal(e);
    } catch (RuntimeException e) {
      // What stands between us and Stripe answers without a body, which the client trips over.
      throw new Unavailable("no_answer_of_stripe");
    }
    return Fields.parse(body.getBytes(UTF_8)).orElseThrow(() -> new Unavailable("no_json"));
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> encoded(parameter.getKey()) + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  /// 408, 409 and 429 pass, and so does whatever is wrong on Stripe's side; other answers of 4xx
  /// would be the same again.
  private static Unavailable refusal(StripeException e) throws Refused {
    Integer status = e.getStatusCode();
    if (status == null || status >= 500 || status == 408 || status == 409 || status == 429) {
      return new Unavailable(status == null ? "no_status" : "status_" + status);
    }
    throw new Refused("status_" + status, status, e.getCode(), e.getUserMessage());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /// Stripe won't. The message holds no content.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable String code;
    private final @Nullable String said;

    Refused(String why) {
      this(why, 0, null, null);
    }

    private Refused(String why, int status, @Nullable String code, @Nullable String said) {
      super(why);
      this.status = status;
      this.code = code;
      this.said = said;
    }

    /// The HTTP status, or 0 where none was the reason.
    int status() {
      return status;
    }

    /// Stripe's own word, for example `charge_already_refunded`.
    @Nullable String code() {
      return code;
    }

    /// Stripe's own sentence, for whoever asked and for no log.
    @Nullable String said() {
      return said;
    }

    /// Whether another key might be answered.
    boolean access() {
      return status == 401 || status == 403;
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  /// Stripe can't tell now. The message is a lower_snake word.
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String why) {
      super(why);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }
}
