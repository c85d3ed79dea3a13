package dev.quittance.bench.load;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// What a broker of this machine has been asked for, by its own count: Kafka's
/// `kafka.network:type=RequestMetrics,name=RequestsPerSec`.
public final class BrokerRequests implements AutoCloseable {

  private static final String REQUESTS =
      "kafka.network:type=RequestMetrics,name=RequestsPerSec,request=*,*";

  private final JMXConnector connector;
  private final MBeanServerConnection broker;

  /// @param pid of the broker's JVM, this user's own
  @SuppressWarnings("BanJNDI") // whom it connects to is a process of this user on this machine
  public BrokerRequests(long pid) {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      try {
        connector =
            JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()));
      } finally {
        machine.detach();
      }
      broker = connector.getMBeanServerConnection();
    } catch (AttachNotSupportedException e) {
      throw new IllegalStateException("the broker's JVM can't be looked into", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How many there were since the broker started, by kind: `Produce`, `Fetch`, `EndTxn` and so on.
  /// What only says once more who fetches is left out.
  public Map<String, Long> counts() {
    var counts = new TreeMap<String, Long>();
    try {
      for (ObjectName name : broker.queryNames(new ObjectName(REQUESTS), null)) {
        String request = name.getKeyProperty("request");
        if (!request.equals("FetchConsumer") && !request.equals("FetchFollower")) {
          counts.merge(
              request, ((Number) broker.getAttribute(name, "Count")).longValue(), Long::sum);
        }
      }
    } catch (JMException e) {
      throw new IllegalStateException("the broker doesn't count its requests", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counts;
  }

  @Override
  public void close() {
    try {
      connector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
