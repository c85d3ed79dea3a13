package dev.quittance.receipts.mail;

import dev.quittance.receipts.mail.ScriptedSmtp.Act;
import dev.quittance.receipts.mail.ScriptedSmtp.Phase;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A mail server's random moods, by a seed. Towards the end of a mail's patience it is kind, so
/// that none is tried for ever.
final class Moods implements ScriptedSmtp.Script {

  private static final int BAD_MOODS_MAX = 6;

  private final Random random;
  private final Map<String, Integer> badMoods = new ConcurrentHashMap<>();
  private final Map<String, Integer> keptInSilence = new ConcurrentHashMap<>();
  private final Map<String, Integer> silent = new ConcurrentHashMap<>();
  private final Set<String> refusedForGood = ConcurrentHashMap.newKeySet();

  Moods(long seed) {
    random = new Random(seed);
  }

  int keptInSilence(String to) {
    return keptInSilence.getOrDefault(to, 0);
  }

  /// How often it hung up on somebody's mail without a word.
  int silent(String to) {
    return silent.getOrDefault(to, 0);
  }

  Set<String> refusedForGood() {
    return refusedForGood;
  }

  @Override
  public synchronized Act at(Phase phase, @Nullable String to) {
    if (to == null) {
      return atTheDoor(phase);
    }
    if (badMoods.getOrDefault(to, 0) >= BAD_MOODS_MAX) {
      return new Act.Accept();
    }
    Act act =
        switch (phase) {
          case RCPT -> atTheName(to);
          case DOT -> atTheDot(to);
          case GREETING, MAIL, DATA -> new Act.Accept();
        };
    if (!(act instanceof Act.Accept || act instanceof Act.Delay)) {
      badMoods.merge(to, 1, Integer::sum);
    }
    if (act instanceof Act.Drop || act instanceof Act.KeepAndDrop) {
      silent.merge(to, 1, Integer::sum);
    }
    return act;
  }

  private Act atTheDoor(Phase phase) {
    if (phase != Phase.GREETING) {
      return new Act.Accept();
    }
    return switch (random.nextInt(40)) {
      case 0 -> new Act.Say("421 too busy");
      case 1 -> new Act.Drop();
      default -> new Act.Accept();
    };
  }

  private Act atTheName(String to) {
    return switch (random.nextInt(30)) {
      case 0, 1 -> new Act.Say("450 4.2.0 greylisted");
      case 2 -> new Act.Say("451 4.3.0 later");
      case 3 -> new Act.Say("421 4.3.2 closing");
      case 4 -> forGood(to, "550 5.1.1 <" + to + "> unknown");
      case 5 -> new Act.Drop();
      default -> new Act.Accept();
    };
  }

  private Act atTheDot(String to) {
    return switch (random.nextInt(30)) {
      case 0 -> new Act.Say("451 4.3.0 later");
      case 1 -> forGood(to, "552 5.2.2 mailbox full");
      case 2 -> new Act.Drop();
      case 3, 4 -> {
        keptInSilence.merge(to, 1, Integer::sum);
        yield new Act.KeepAndDrop();
      }
      case 5 -> new Act.Delay(Duration.ofMillis(30));
      default -> new Act.Accept();
    };
  }

  private Act forGood(String to, String reply) {
    refusedForGood.add(to);
    return new Act.Say(reply);
  }
}
