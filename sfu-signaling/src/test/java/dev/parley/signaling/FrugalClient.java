package dev.parley.signaling;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A WebSocket by hand (RFC 6455) that keeps next to nothing in memory, so that a thousand of them
 * do not hide what the server keeps. Offers compression like a browser; reads only lengths.
 */
final class FrugalClient {
  private static final int PATIENCE_MS = 10_000;

  private final Socket socket;

  FrugalClient(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(PATIENCE_MS);
      write(
          ("GET /v1/signal HTTP/1.1\r\nHost: 127.0.0.1:"
                  + port
                  + "\r\nUpgrade: websocket\r\n"
                  + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                  + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                  + "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
                  + "Sec-WebSocket-Protocol: sfu.v1\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      int matched = 0;
      while (matched < 4) {
        int next = socket.getInputStream().read();
        matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        if (next < 0) {
          throw new AssertionError("the upgrade was refused");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a text of less than 126 bytes, masked with zeros. */
  void send(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[6 + bytes.length];
    frame[0] = (byte) 0x81;
    frame[1] = (byte) (0x80 | bytes.length);
    System.arraycopy(bytes, 0, frame, 6, bytes.length);
    try {
      write(frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for one frame and returns its opcode. */
  int receive() {
    try {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      int opcode = in.readUnsignedByte() & 0x0f;
      int length = in.readUnsignedByte();
      in.skipNBytes(length == 126 ? in.readUnsignedShort() : length);
      return opcode;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }
}
