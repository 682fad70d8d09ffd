package dev.parley.core.turn;

import dev.parley.core.common.PeerAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client of the relay over blocking sockets, for tests. One thread sends, one receives. */
public final class TurnLink implements AutoCloseable {
  private static final int PATIENCE_MS = 10_000;
  private static final String REALM = "sfu";

  private interface Wire extends AutoCloseable {
    void send(byte[] message) throws IOException;

    /** One message with its padding. */
    byte[] receive() throws IOException;

    @Override
    void close() throws IOException;
  }

  private final Wire wire;
  private final TurnCredentials.Minted who;
  private String nonce = "";
  private int transactions;

  private TurnLink(Wire wire, TurnCredentials.Minted who) {
    this.wire = wire;
    this.who = who;
  }

  /** By {@code udp}, {@code tcp} or {@code tls}; any certificate is taken. */
  public static TurnLink open(String kind, InetSocketAddress server, TurnCredentials.Minted who)
      throws IOException {
    return new TurnLink(
        switch (kind) {
          case "udp" -> udp(server);
          case "tcp" -> stream(new Socket(server.getAddress(), server.getPort()));
          case "tls" -> stream(tls(server));
          default -> throw new IllegalArgumentException(kind);
        },
        who);
  }

  private static Wire udp(InetSocketAddress server) throws IOException {
    DatagramSocket socket = new DatagramSocket();
    socket.connect(server);
    socket.setSoTimeout(PATIENCE_MS);
    return new Wire() {
      @Override
      public void send(byte[] message) throws IOException {
        socket.send(new DatagramPacket(message, message.length));
      }

      @Override
      public byte[] receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        socket.receive(packet);
        return Arrays.copyOf(packet.getData(), packet.getLength());
      }

      @Override
      public void close() {
        socket.close();
      }
    };
  }

  private static Wire stream(Socket socket) throws IOException {
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    return new Wire() {
      @Override
      public void send(byte[] message) throws IOException {
        socket.getOutputStream().write(Arrays.copyOf(message, message.length + 3 & ~3));
      }

      @Override
      public byte[] receive() throws IOException {
        byte[] head = in.readNBytes(4);
        if (head.length < 4) {
          throw new IOException("the connection has ended");
        }
        int length = ByteBuffer.wrap(head).getShort(2) & 0xffff;
        int rest = head[0] < 0x40 ? length + 16 : length + 3 & ~3;
        byte[] message = Arrays.copyOf(head, 4 + rest);
        in.readFully(message, 4, rest);
        return message;
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    };
  }

  private static Socket tls(InetSocketAddress server) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context.getSocketFactory().createSocket(server.getAddress(), server.getPort());
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** A request of this link's next transaction. */
  public StunText.Builder message(int type) {
    return new StunText.Builder(type, "link%08d".formatted(++transactions));
  }

  /** Sends with credentials, and waits for the answer. */
  public StunText.Read ask(StunText.Builder request) throws IOException {
    wire.send(request.sealed(who.username(), who.password(), REALM, nonce));
    return StunText.read(wire.receive());
  }

  public void send(byte[] message) throws IOException {
    wire.send(message);
  }

  /** The next message, with padding. */
  public byte[] receive() throws IOException {
    return wire.receive();
  }

  /** The answer to Allocate; an error is in it. */
  public StunText.Read allocate() throws IOException {
    wire.send(message(0x003).number(0x0019, 17 << 24).plain());
    nonce = StunText.read(wire.receive()).text(0x0015);
    return ask(message(0x003).number(0x0019, 17 << 24));
  }

  public StunText.Read bind(int channel, PeerAddress peer) throws IOException {
    return ask(message(0x009).number(0x000c, channel << 16).peer(peer));
  }

  public void data(int channel, byte[] bytes, int lengthBytes) throws IOException {
    byte[] message = new byte[4 + lengthBytes];
    ByteBuffer.wrap(message)
        .putShort((short) channel)
        .putShort((short) lengthBytes)
        .put(bytes, 0, lengthBytes);
    wire.send(message);
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}
