package dev.quittance.access.connection;

import io.netty.bootstrap.ChannelInitializerExtension;
import io.netty.channel.Channel;

/// Gives every connection that a server of this process accepts its [RequestDeadline]. Neither
/// Quarkus nor Vert.x has a limit of this kind, nor a place to add one to; Netty has, for whoever
/// is found by `META-INF/services`, once [ConnectionLimits] has asked for it.
public final class RequestDeadlines extends ChannelInitializerExtension {

  /// For Netty, which looks for services.
  public RequestDeadlines() {}

  @Override
  public void postInitializeServerChildChannel(Channel channel) {
    channel
        .pipeline()
        .addFirst(new RequestDeadline(RequestDeadline.HEAD_MAX, RequestDeadline.BODY_MAX));
  }
}
