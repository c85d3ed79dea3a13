package dev.quittance.console.deadletters;

import dev.quittance.access.Needs;
import dev.quittance.access.Role;
import dev.quittance.console.Confirmation;
import dev.quittance.console.Confirmation.Field;
import dev.quittance.console.Labels;
import dev.quittance.contracts.DeadLetter;
import dev.quittance.fulfillment.access.PageFrame;
import dev.quittance.fulfillment.persistence.Audit;
import dev.quittance.fulfillment.persistence.Audit.Person;
import dev.quittance.messaging.deadletter.BrokerUnavailable;
import dev.quittance.messaging.deadletter.DeadLetterFilter;
import dev.quittance.messaging.deadletter.DeadLetterId;
import dev.quittance.messaging.deadletter.DeadLetterResult;
import dev.quittance.messaging.deadletter.DeadLetterService;
import dev.quittance.messaging.deadletter.RedriveCounts;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jboss.resteasy.reactive.RestForm;
import org.jspecify.annotations.Nullable;

/// What could not be processed: to look at, to send back, or to discard. The service itself is the
/// one that the command line uses.
@Path("/console/dead-letters")
@Produces("text/html; charset=utf-8")
@Blocking // a method that returns a template is otherwise thought not to wait for anything
public class DeadLettersPage {

  private static final int PAGE = 50;

  /// As many as a page shows, twice: more are meant by a filter, not by ticks.
  private static final int TICKED_MAX = 100;

  private static final String PATH = "/console/dead-letters";

  private static final Pattern ENTRY = Pattern.compile("[0-9]{1,18}");

  /// In the outcome, where some could not be settled.
  private static final String STAY = " stay: ";

  /// The audit's subject of what is done to many at once.
  private static final String MANY = "dead letters";

  private static final List<String> TOPICS = DeadLetterService.topics();

  private static final List<String> REASONS =
      Arrays.stream(DeadLetter.Why.values()).map(DeadLetter.Why::wireName).toList();

  private final DeadLetterService deadLetters;
  private final Audit audit;
  private final PageFrame shell;

  DeadLettersPage(DeadLetterService deadLetters, Audit audit, PageFrame shell) {
    this.deadLetters = deadLetters;
    this.audit = audit;
    this.shell = shell;
  }

  /// @param did the audit's entry of what was just done, whose outcome is shown
  @GET
  public Response show(
      @QueryParam("topic") @Nullable String topic,
      @QueryParam("reason") @Nullable String reason,
      @QueryParam("settled") @Nullable String settled,
      @QueryParam("after") @Nullable String after,
      @QueryParam("did") @Nullable String did)
      throws SQLException {
    Optional<Asked> asked = Asked.of(topic, reason, settled);
    Optional<DeadLetterId> from = after == null ? Optional.empty() : DeadLetterId.parse(after);
    if (asked.isEmpty() || (after != null && from.isEmpty())) {
      return page(400, Asked.ALL, null, "There is no such topic, reason or page.", "bad");
    }
    String notice =
        did != null && ENTRY.matcher(did).matches()
            ? audit.outcome(Long.parseLong(did), MANY).orElse("")
            : "";
    return page(
        200, asked.get(), from.orElse(null), notice, notice.contains(STAY) ? "wait" : "good");
  }

  /// What was filtered for.
  private record Asked(String topic, String reason, boolean settledToo) {

    static final Asked ALL = new Asked("", "", false);

    /// Absent for what can't be filtered for.
    static Optional<Asked> of(
        @Nullable String topic, @Nullable String reason, @Nullable String settled) {
      String ofTopic = Objects.requireNonNullElse(topic, "");
      String forReason = Objects.requireNonNullElse(reason, "");
      return (ofTopic.isEmpty() || TOPICS.contains(ofTopic))
              && (forReason.isEmpty() || REASONS.contains(forReason))
          ? Optional.of(new Asked(ofTopic, forReason, "yes".equals(settled)))
          : Optional.empty();
    }

    /// The page's address with this filter.
    String address() {
      return PATH + "?topic=" + topic + "&reason=" + reason + (settledToo ? "&settled=yes" : "");
    }

    List<Field> fields() {
      return List.of(
          new Field("topic", topic),
          new Field("reason", reason),
          new Field("settled", settledToo ? "yes" : ""));
    }

    DeadLetterFilter filter() {
      return new DeadLetterFilter(
          topic.isEmpty() ? null : topic, reason.isEmpty() ? null : reason, null, null, settledToo);
    }

    /// Of these, what can still be settled.
    DeadLetterFilter open() {
      return new Asked(topic, reason, false).filter();
    }

    String inWords() {
      return (topic.isEmpty() ? "all topics" : topic)
          + ", "
          + (reason.isEmpty() ? "all reasons" : "reason " + Labels.plain(reason));
    }
  }

  /// Shows what a message holds; who looked is written down.
  @POST
  @Path("/reveal")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response reveal(
      @RestForm @Nullable String one,
      @RestForm @Nullable String topic,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String settled)
      throws SQLException {
    DeadLetterId id = id(one);
    Asked asked = Asked.of(topic, reason, settled).orElse(Asked.ALL);
    try {
      var content = deadLetters.show(id).orElseThrow(NotFoundException::new);
      audit.note(person(), "dead letter.read", id.toString(), "");
      return Response.ok(
              Templates.deadLetter(DeadLettersModel.whole(content), asked.address(), asked.fields())
                  .render())
          .build();
    } catch (BrokerUnavailable e) {
      return page(503, asked, null, String.valueOf(e.getMessage()), "bad");
    }
  }

  @POST
  @Path("/redrive")
  @Needs(Role.OPERATOR)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response redrive(
      @RestForm List<String> letter,
      @RestForm @Nullable String all,
      @RestForm @Nullable String topic,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String settled,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return settle(
        How.REDRIVE,
        letter,
        "yes".equals(all),
        Asked.of(topic, reason, settled),
        Confirmation.key(confirmed, key) != null);
  }

  @POST
  @Path("/discard")
  @Needs(Role.ADMIN)
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  public Response discard(
      @RestForm List<String> letter,
      @RestForm @Nullable String all,
      @RestForm @Nullable String topic,
      @RestForm @Nullable String reason,
      @RestForm @Nullable String settled,
      @RestForm @Nullable String confirmed,
      @RestForm @Nullable String key)
      throws SQLException {
    return settle(
        How.DISCARD,
        letter,
        "yes".equals(all),
        Asked.of(topic, reason, settled),
        Confirmation.key(confirmed, key) != null);
  }

  /// What is done to messages.
  private enum How {
    REDRIVE(
        "redrive",
        "Send back",
        "Each goes back to the topic and partition that it came from, and is tried again. What was"
            + " done already isn't done twice."),
    DISCARD(
        "discard",
        "Discard",
        "They'll be marked as resolved. Their content stays until the topic forgets it.");

    private final String path;
    private final String button;
    private final String sentence;

    How(String path, String button, String sentence) {
      this.path = path;
      this.button = button;
      this.sentence = sentence;
    }
  }

  private Response settle(
      How how, List<String> letters, boolean all, Optional<Asked> filter, boolean confirmed)
      throws SQLException {
    if (filter.isEmpty()) {
      return page(400, Asked.ALL, null, "There is no such topic or reason.", "bad");
    }
    Asked asked = filter.get();
    if (!all && (letters.isEmpty() || letters.size() > TICKED_MAX)) {
      return page(
          422, asked, null, "Select from 1 to " + TICKED_MAX + " messages, or take all.", "bad");
    }
    List<DeadLetterId> ids = all ? List.of() : letters.stream().map(DeadLettersPage::id).toList();
    try {
      if (!confirmed) {
        return ask(how, ids, all, asked);
      }
      return all ? settleAll(how, asked) : settleSome(how, ids, asked);
    } catch (BrokerUnavailable e) {
      return page(503, asked, null, String.valueOf(e.getMessage()), "bad");
    }
  }

  private Response ask(How how, List<DeadLetterId> ids, boolean all, Asked asked) {
    var fields = new ArrayList<Field>();
    String count;
    if (all) {
      count = Labels.number(deadLetters.list(asked.open(), 1, null).total());
      fields.add(new Field("all", "yes"));
    } else {
      count = Labels.number(ids.size());
      ids.forEach(id -> fields.add(new Field("letter", id.toString())));
    }
    fields.addAll(asked.fields());
    String messages = count + (count.equals("1") ? " failed message" : " failed messages");
    var confirmation =
        new Confirmation(
            how.button + " " + messages + "?",
            List.of(
                all ? "All that are open: " + asked.inWords() + "." : "Those you selected.",
                how.sentence),
            PATH + "/" + how.path,
            Confirmation.with(fields),
            how.button,
            how == How.DISCARD,
            asked.address());
    return Response.ok(confirmation.page(all ? asked.inWords() : "").render()).build();
  }

  private Response settleSome(How how, List<DeadLetterId> ids, Asked asked) throws SQLException {
    long all = audit.begin(person(), "dead letters." + how.path, MANY, ids.size() + " selected");
    int settled = 0;
    int before = 0;
    var refused = new ArrayList<String>();
    String by = person().name();
    for (DeadLetterId id : ids) {
      long entry = audit.begin(person(), "dead letter." + how.path, id.toString(), "");
      DeadLetterResult settlement =
          switch (how) {
            case REDRIVE -> deadLetters.redrive(id, by);
            case DISCARD -> deadLetters.discard(id, by);
          };
      switch (settlement) {
        case DeadLetterResult.Redriven _, DeadLetterResult.Discarded _ -> {
          settled++;
          audit.end(entry, Audit.DONE);
        }
        case DeadLetterResult.SettledBefore _, DeadLetterResult.Unknown _ -> {
          before++;
          audit.end(entry, "settled before");
        }
        case DeadLetterResult.Refused(var why) -> {
          refused.add(why);
          audit.end(entry, "refused: " + why);
        }
      }
    }
    return answer(how, all, settled, before, refused, asked);
  }

  private Response settleAll(How how, Asked asked) throws SQLException {
    long entry = audit.begin(person(), "dead letters." + how.path, MANY, asked.inWords());
    String by = person().name();
    RedriveCounts tally =
        switch (how) {
          case REDRIVE -> deadLetters.redriveAll(asked.open(), by, RedriveCounts.Progress.UNSEEN);
          case DISCARD -> deadLetters.discardAll(asked.open(), by, RedriveCounts.Progress.UNSEEN);
        };
    return answer(
        how,
        entry,
        tally.settled(),
        tally.before(),
        tally.refused().stream().map(RedriveCounts.Refusal::why).toList(),
        asked);
  }

  /// Goes back to the list as it was filtered, where a reload only looks again. What is said there
  /// is the audit's own word.
  private Response answer(
      How how, long entry, int settled, int before, List<String> refused, Asked asked)
      throws SQLException {
    String done =
        switch (how) {
          case REDRIVE -> Labels.number(settled) + " sent back.";
          case DISCARD -> Labels.number(settled) + " discarded.";
        };
    String others = before == 0 ? "" : " " + Labels.number(before) + " were resolved before.";
    String rest =
        refused.isEmpty() ? "" : " " + Labels.number(refused.size()) + STAY + refused.getFirst();
    audit.end(entry, done + others + rest);
    return Response.seeOther(URI.create(asked.address() + "&did=" + entry)).build();
  }

  private Response page(
      int status, Asked asked, @Nullable DeadLetterId after, String notice, String noticeTone) {
    DeadLettersModel model;
    try {
      model =
          DeadLettersModel.of(
              deadLetters.list(asked.filter(), PAGE, after),
              asked.topic(),
              asked.reason(),
              asked.settledToo(),
              TOPICS,
              REASONS);
    } catch (BrokerUnavailable e) {
      model = DeadLettersModel.away(String.valueOf(e.getMessage()));
    }
    return Response.status(status)
        .entity(Templates.deadLetters(model, notice, noticeTone).render())
        .build();
  }

  private Person person() {
    return shell.person();
  }

  private static DeadLetterId id(@Nullable String text) {
    return DeadLetterId.parse(Objects.requireNonNullElse(text, ""))
        .filter(id -> TOPICS.contains(id.topic()))
        .orElseThrow(NotFoundException::new);
  }

  @CheckedTemplate(basePath = "console/deadletters", requireTypeSafeExpressions = true)
  static final class Templates {

    private Templates() {}

    static native TemplateInstance deadLetters(
        DeadLettersModel model, String notice, String noticeTone);

    static native TemplateInstance deadLetter(
        DeadLettersModel.Whole whole, String back, List<Field> filter);
  }
}
