package dev.quittance.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// What a process has taken so far, as Linux counts it.
public final class ProcessCost {

  /// `USER_HZ`, which Linux has fixed at 100 on everything that runs Java.
  private static final long TICK_MICROS = 10_000;

  /// In `/proc/<pid>/stat`, counted after the command's closing parenthesis.
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  private ProcessCost() {}

  /// User and system time of all its threads, in microseconds.
  public static long cpuMicros(long pid) {
    String stat = read(pid, "stat");
    // a command may contain anything, also parentheses and spaces
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return TICK_MICROS * (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]));
  }

  /// The same of a process and of all that it has started, but for those that have ended.
  public static long cpuMicrosOfAll(long pid) {
    return all(pid).map(ProcessCost::cpuMicros).sum();
  }

  /// How often the kernel has taken its threads from a processor, of their own will or not; of
  /// threads that have ended nothing is known.
  public static long switches(long pid) {
    try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
      return threads.mapToLong(ProcessCost::switchesOf).sum();
    } catch (IOException e) {
      throw new UncheckedIOException("the benchmark needs Linux's /proc", e);
    }
  }

  /// The same of a process and of all that it has started, but for those that have ended.
  public static long switchesOfAll(long pid) {
    return all(pid).map(ProcessCost::switches).sum();
  }

  private static LongStream all(long pid) {
    Stream<ProcessHandle> children =
        ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants);
    return LongStream.concat(LongStream.of(pid), children.mapToLong(ProcessHandle::pid));
  }

  private static long switchesOf(Path thread) {
    try (Stream<String> lines = Files.lines(thread.resolve("status"))) {
      return lines
          .filter(line -> line.contains("ctxt_switches:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException | UncheckedIOException _) {
      return 0; // it has ended meanwhile
    }
  }

  /// The memory that it really has, in megabytes.
  public static double residentMb(long pid) {
    Optional<String> line =
        read(pid, "status").lines().filter(one -> one.startsWith("VmRSS:")).findFirst();
    return line.map(text -> text.replaceAll("\\D", ""))
        .map(kilobytes -> Long.parseLong(kilobytes) * 1024 / 1e6)
        .orElseThrow(() -> new IllegalStateException("no VmRSS of process " + pid));
  }

  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException("the benchmark needs Linux's /proc", e);
    }
  }
}
