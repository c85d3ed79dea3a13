package dev.quittance.access.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// One connection's clock: a request's head must be there in time, and then its body, however
/// little of it trickles in. Between requests nothing runs here; what then stays silent is the
/// server's own idle limit's. All of it happens on the connection's event loop.
///
/// The server itself knows only how long nothing at all came, and that has to be longer than what
/// load balancers keep connections open for.
///
/// HTTP/2 without TLS is refused here, because the server for health and metrics has no setting for
/// it: one such connection may bring a hundred requests at a time, and none of them has a deadline.
final class RequestDeadline extends ChannelDuplexHandler {

  /// Providers give up after 10 s, and a person's browser sends a head in one piece.
  static final Duration HEAD_MAX = Duration.ofSeconds(10);

  /// The webhook route gives up after 10 s and says so itself; this is for every other.
  static final Duration BODY_MAX = Duration.ofSeconds(12);

  private static final Logger LOG = Logger.getLogger(RequestDeadline.class);

  private static final String TIMEOUT = "408 Request Timeout";
  private static final String BAD_REQUEST = "400 Bad Request";

  /// HTTP/2 without TLS, as it is asked for.
  private static final String HTTP2 = "h2c";

  /// What is waited for.
  private enum Awaited {
    HEAD,
    BODY,
    NOTHING
  }

  private final Duration headMax;
  private final Duration bodyMax;
  private Awaited awaited = Awaited.NOTHING;
  private long deadline;
  private boolean scheduled;
  private boolean watching;
  private boolean expecting;
  private boolean unlimited;
  private boolean answering;
  private boolean over;

  RequestDeadline(Duration headMax, Duration bodyMax) {
    this.headMax = headMax;
    this.bodyMax = bodyMax;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    await(context, Awaited.HEAD, headMax);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) {
    if (over) {
      ReferenceCountUtil.release(bytes);
      return;
    }
    if (awaited == Awaited.NOTHING && !unlimited) {
      await(context, Awaited.HEAD, headMax);
    }
    watchRequests(context);
    if (!watching && !expecting) {
      // a server that looks at the first bytes before it decides how to decode them, as the one for
      // health and metrics does, puts its decoder behind this
      context.pipeline().addLast(new Undecided(context));
      expecting = true;
    }
    context.fireChannelRead(bytes);
  }

  @Override
  public void write(ChannelHandlerContext context, Object bytes, ChannelPromise promise) {
    answering = true;
    var _ = context.write(bytes, promise);
  }

  /// The server adds its decoder when it knows what is spoken.
  private void watchRequests(ChannelHandlerContext context) {
    if (watching) {
      return;
    }
    ChannelHandlerContext decoder = context.pipeline().context(HttpRequestDecoder.class);
    if (decoder != null) {
      context.pipeline().addAfter(decoder.name(), null, new Requests(context));
      watching = true;
    }
  }

  private void await(ChannelHandlerContext context, Awaited what, Duration most) {
    awaited = what;
    deadline = System.nanoTime() + most.toNanos();
    if (!scheduled) {
      schedule(context, most.toNanos());
    }
  }

  /// One task for a connection, however many requests it brings.
  private void schedule(ChannelHandlerContext context, long nanos) {
    scheduled = true;
    var _ = context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
  }

  private void check(ChannelHandlerContext context) {
    scheduled = false;
    if (awaited == Awaited.NOTHING || over || !context.channel().isActive()) {
      return;
    }
    long left = deadline - System.nanoTime();
    if (left > 0) {
      schedule(context, left);
      return;
    }
    LOG.debugf("connection.timeout awaited=%s", awaited);
    end(context, TIMEOUT);
  }

  /// Says why, where that is still possible, and hangs up.
  private void end(ChannelHandlerContext context, String status) {
    over = true;
    if (answering || context.pipeline().get(SslHandler.class) != null) {
      var _ = context.close();
      return;
    }
    String answer = "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    var _ =
        context
            .writeAndFlush(Unpooled.copiedBuffer(answer, US_ASCII))
            .addListener(ChannelFutureListener.CLOSE);
  }

  /// Stands where bytes come by once it is settled what they are, and before they are decoded.
  private final class Undecided extends ChannelInboundHandlerAdapter {

    private final ChannelHandlerContext front;

    Undecided(ChannelHandlerContext front) {
      this.front = front;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      watchRequests(front);
      boolean http2 = context.pipeline().get(Http2ConnectionHandler.class) != null;
      if (http2 && context.pipeline().get(SslHandler.class) == null) {
        ReferenceCountUtil.release(bytes);
        end(front, BAD_REQUEST);
        return;
      }
      if (http2) {
        // somebody turned on TLS and with it this; it has pings of its own
        unlimited = true;
        awaited = Awaited.NOTHING;
      }
      if (watching || http2) {
        context.pipeline().remove(this);
      }
      context.fireChannelRead(bytes);
    }
  }

  /// Sees requests as they were decoded.
  private final class Requests extends ChannelInboundHandlerAdapter {

    private final ChannelHandlerContext front;

    Requests(ChannelHandlerContext front) {
      this.front = front;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (over) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof HttpRequest request) {
        answering = false;
        if (isNameless(request)) {
          ReferenceCountUtil.release(message);
          end(front, BAD_REQUEST);
          return;
        }
        if (request.headers().containsValue(HttpHeaderNames.UPGRADE, HTTP2, true)) {
          // whoever asks may be ignored, and is answered as it spoke
          request.headers().remove(HttpHeaderNames.UPGRADE);
        }
        await(front, Awaited.BODY, bodyMax);
      }
      if (message instanceof LastHttpContent) {
        awaited = Awaited.NOTHING;
      }
      context.fireChannelRead(message);
    }

    /// RFC 9112, 3.2: HTTP/1.1 names its host, once. The server would take one that is missing, and
    /// versions that it doesn't speak, for a defect of ours and log it.
    private static boolean isNameless(HttpRequest request) {
      return request.decoderResult().isSuccess()
          && (request.protocolVersion().majorVersion() != 1
              || request.headers().getAll(HttpHeaderNames.HOST).size() != 1);
    }
  }
}
