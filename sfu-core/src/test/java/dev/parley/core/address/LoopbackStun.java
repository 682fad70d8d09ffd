package dev.parley.core.address;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.ice4j.StunException;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.message.Message;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.message.Response;
import org.ice4j.stack.StunStack;

/** A STUN server on loopback that sees everybody at one address, or answers nobody. */
public final class LoopbackStun implements AutoCloseable {
  private final DatagramSocket socket;
  private final Optional<InetAddress> seen;
  private final AtomicInteger questions = new AtomicInteger();

  private LoopbackStun(Optional<InetAddress> seen) throws IOException {
    this.seen = seen;
    this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    Thread.ofVirtual().start(this::serve);
  }

  public static LoopbackStun answering(InetAddress seen) throws IOException {
    return new LoopbackStun(Optional.of(seen));
  }

  static LoopbackStun silent() throws IOException {
    return new LoopbackStun(Optional.empty());
  }

  public int port() {
    return socket.getLocalPort();
  }

  int questions() {
    return questions.get();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
        socket.receive(packet);
        questions.incrementAndGet();
        if (seen.isPresent()) {
          byte[] answer =
              answer(
                  Arrays.copyOf(packet.getData(), packet.getLength()),
                  new TransportAddress(seen.get(), packet.getPort(), Transport.UDP));
          socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
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
