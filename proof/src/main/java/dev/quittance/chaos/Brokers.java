package dev.quittance.chaos;

import dev.quittance.chaos.peers.Proxy;
import dev.quittance.contracts.Topic;
import dev.quittance.testkit.JvmProfile;
import dev.quittance.testkit.LocalKafka;
import dev.quittance.testkit.Ports;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One broker, or three of which every record is on two at least before it counts. Clients reach
/// them through a network that can be broken, we past it.
final class Brokers implements AutoCloseable {

  private static final String HOST = "127.0.0.1:";

  /// As in production.
  private static final int IN_SYNC_MIN = 2;

  private final List<Place> places;
  private final JvmProfile profile;
  private volatile int victim;

  /// Where a broker is, dead or alive.
  private static final class Place {
    private final int node;
    private final Path home;
    private final int port = Ports.free();
    private final int proxied = Ports.free();
    private final int controller = Ports.free();
    private final Proxy way = new Proxy(proxied);
    private volatile @Nullable LocalKafka broker;

    Place(int node, Path home) {
      this.node = node;
      this.home = home;
    }

    LocalKafka broker() {
      return Objects.requireNonNull(broker);
    }
  }

  /// @param home of their data
  Brokers(int count, Path home, JvmProfile profile) {
    this.profile = profile;
    places =
        IntStream.rangeClosed(1, count)
            .mapToObj(node -> new Place(node, home.resolve("broker-" + node)))
            .toList();
  }

  int count() {
    return places.size();
  }

  /// What services connect to.
  String bootstrap() {
    return places.stream().map(place -> HOST + place.way.port()).collect(Collectors.joining(","));
  }

  /// The one that is broken next.
  void choose(long dice) {
    victim = Math.floorMod(dice, places.size());
  }

  Proxy way() {
    return places.get(victim).way;
  }

  /// That one.
  LocalKafka chosen() {
    return places.get(victim).broker();
  }

  /// Past the network, for those who only watch; to be used while all are up.
  LocalKafka watched() {
    return places.getFirst().broker();
  }

  /// All of them for the first time, at the same time, as none is ready before most of them are.
  void startAll() {
    try (var threads = Executors.newFixedThreadPool(places.size())) {
      var starts = new ArrayList<Future<?>>();
      places.forEach(place -> starts.add(threads.submit(() -> start(place))));
      for (Future<?> start : starts) {
        start.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    watched().createTopics(Topic.all(), (short) places.size());
  }

  /// The one that was broken.
  void startAgain() {
    start(places.get(victim));
  }

  private void start(Place place) {
    place.broker = LocalKafka.start(place.home, place.port, settings(place), profile);
  }

  private Map<String, String> settings(Place place) {
    var settings = new TreeMap<String, String>();
    settings.put("node.id", Integer.toString(place.node));
    settings.put(
        "controller.quorum.voters",
        places.stream()
            .map(one -> one.node + "@" + HOST + one.controller)
            .collect(Collectors.joining(",")));
    settings.put(
        "listeners",
        "PLAINTEXT://%s%d,PROXIED://%s%d,CONTROLLER://%s%d"
            .formatted(HOST, place.port, HOST, place.proxied, HOST, place.controller));
    settings.put(
        "advertised.listeners",
        "PLAINTEXT://%s%d,PROXIED://%s%d".formatted(HOST, place.port, HOST, place.way.port()));
    settings.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT");
    if (places.size() > 1) {
      // as in production: by it the others take over
      settings.put("broker.session.timeout.ms", "9000");
      String replicas = Integer.toString(places.size());
      String inSync = Integer.toString(IN_SYNC_MIN);
      settings.put("min.insync.replicas", inSync);
      settings.put("offsets.topic.replication.factor", replicas);
      settings.put("transaction.state.log.replication.factor", replicas);
      settings.put("transaction.state.log.min.isr", inSync);
      settings.put("share.coordinator.state.topic.replication.factor", replicas);
      settings.put("share.coordinator.state.topic.min.isr", inSync);
    }
    return settings;
  }

  @Override
  public void close() {
    for (Place place : places) {
      if (place.broker != null) {
        place.broker().kill(); // their data is thrown away
      }
      place.way.close();
    }
  }
}
