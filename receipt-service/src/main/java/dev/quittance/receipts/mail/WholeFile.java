package dev.quittance.receipts.mail;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import org.jspecify.annotations.Nullable;

/// A file that is in memory, as a stream of one buffer. The mail client writes an attachment that
/// it has whole to the socket line by line, and one that is a stream as it comes.
final class WholeFile implements ReadStream<Buffer> {

  private final Context context;
  private @Nullable Buffer content;
  private @Nullable Handler<Buffer> handler;
  private @Nullable Handler<Void> endHandler;
  private boolean paused;

  WholeFile(Context context, byte[] content) {
    this.context = context;
    this.content = Buffer.buffer(content);
  }

  @Override
  public WholeFile exceptionHandler(@Nullable Handler<Throwable> ignored) {
    return this; // nothing can fail
  }

  @Override
  public WholeFile handler(@Nullable Handler<Buffer> newHandler) {
    handler = newHandler;
    return flow();
  }

  @Override
  public WholeFile endHandler(@Nullable Handler<Void> newHandler) {
    endHandler = newHandler;
    return this;
  }

  @Override
  public WholeFile pause() {
    paused = true;
    return this;
  }

  @Override
  public WholeFile resume() {
    paused = false;
    return flow();
  }

  @Override
  public WholeFile fetch(long amount) {
    return resume();
  }

  private WholeFile flow() {
    context.runOnContext(_ -> {
      Handler<Buffer> reader = handler;
      Buffer whole = content;
      if (paused || reader == null || whole == null) {
        return;
      }
      content = null;
      reader.handle(whole);
      if (endHandler != null) {
        endHandler.handle(null);
      }
    });
    return this;
  }
}
