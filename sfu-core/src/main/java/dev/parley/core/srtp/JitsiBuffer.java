package dev.parley.core.srtp;

import org.jitsi.utils.ByteArrayBuffer;

/** The working copy of one packet in the shape that jitsi-srtp takes; one per thread. */
final class JitsiBuffer implements ByteArrayBuffer {
  private final byte[] bytes = new byte[NativeScratch.MAX_PACKET + 64];
  private int offset;
  private int length;

  JitsiBuffer copy(byte[] b, int off, int len) {
    System.arraycopy(b, off, bytes, 0, len);
    offset = 0;
    length = len;
    return this;
  }

  /** Returns the length copied. */
  int copyTo(byte[] b, int off) {
    System.arraycopy(bytes, offset, b, off, length);
    return length;
  }

  @Override
  public byte[] getBuffer() {
    return bytes;
  }

  @Override
  public int getOffset() {
    return offset;
  }

  @Override
  public int getLength() {
    return length;
  }

  @Override
  public void setLength(int newLength) {
    length = newLength;
  }

  @Override
  public void setOffset(int newOffset) {
    offset = newOffset;
  }

  @Override
  public boolean isInvalid() {
    return false;
  }

  @Override
  public void readRegionToBuff(int off, int len, byte[] out) {
    System.arraycopy(bytes, offset + off, out, 0, len);
  }

  @Override
  public void grow(int howMuch) {
    // The array has room for the longest packet and every trailer.
  }

  @Override
  public void append(byte[] data, int len) {
    System.arraycopy(data, 0, bytes, offset + length, len);
    length += len;
  }

  @Override
  public void shrink(int len) {
    length -= len;
  }
}
