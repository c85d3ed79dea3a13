package dev.quittance.receipts;

import java.text.MessageFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What is logged meanwhile, with what it was logged with.
public final class Logged extends Handler implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = Logger.getLogger("dev.quittance.receipts");

  public Logged() {
    logger.addHandler(this);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void publish(LogRecord said) {
    Object[] parameters = said.getParameters();
    String message = String.valueOf(said.getMessage());
    String line =
        parameters == null || parameters.length == 0
            ? message
            : message.contains("{0}")
                ? MessageFormat.format(message, parameters)
                : message.formatted(parameters);
    lines.add(said.getThrown() == null ? line : line + " " + said.getThrown());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
