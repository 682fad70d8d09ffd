package dev.parley.core.address;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import org.ice4j.StunException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.message.Message;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.message.Response;
import org.ice4j.stack.StunStack;

/** A STUN server on loopback that sees everybody at one address. */
public final class LoopbackStun implements AutoCloseable {
  private final DatagramSocket socket;
  private final InetAddress seen;

  private LoopbackStun(InetAddress seen) throws IOException {
    this.seen = seen;
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    Thread.ofVirtual().start(this::serve);
  }

  public static LoopbackStun answering(InetAddress seen) throws IOException {
    return new LoopbackStun(seen);
  }

  public int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        socket.receive(packet);
        byte[] answer =
            answer(
                Arrays.copyOf(packet.getData(), packet.getLength()),
                new TransportAddress(seen, packet.getPort(), Transport.UDP));
        socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      } catch (IOException | StunException e) {
        if (!socket.isClosed()) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private static byte[] answer(byte[] question, TransportAddress mapped) throws StunException {
    Request request = (Request) Message.decode(question, 0, question.length);
    Response response = MessageFactory.createBindingResponse(request, mapped);
    response.setTransactionID(request.getTransactionID());
    return response.encode(new StunStack());
  }

  @Override
  public void close() {
    socket.close();
  }
}
