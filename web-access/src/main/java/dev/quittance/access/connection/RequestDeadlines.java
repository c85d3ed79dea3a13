package dev.quittance.access.connection;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;
import java.time.Duration;

/// Gives every connection that a server of this process accepts its [RequestDeadline]. Neither
/// Quarkus nor Vert.x has a limit of this kind, nor a place to add one to; Netty has, for whoever
/// is found by `META-INF/services`, once [ConnectionLimits] has asked for it.
public final class RequestDeadlines extends ChannelInitializerExtension {

  private static volatile Limits limits =
      new Limits(RequestDeadline.HEAD_MAX, RequestDeadline.BODY_MAX);

  /// How long a request's head may take, and then its body.
  record Limits(Duration head, Duration body) {}

  /// For Netty, which looks for services.
  public RequestDeadlines() {}

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    Limits now = limits;
    channel.pipeline().addFirst(new RequestDeadline(now.head(), now.body()));
  }

  /// For tests, which can't hand anything to what Netty makes, and have no ten seconds.
  static void limitTo(Limits limits) {
    RequestDeadlines.limits = limits;
  }
}
