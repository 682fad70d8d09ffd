package dev.parley.core.ice;

import org.jspecify.annotations.Nullable;

public final class StunPeek {
  private StunPeek() {}

  public static @Nullable String localUfrag(byte[] b, int off, int len) {
    if (len < 20 || b[off] != 0 || b[off + 1] != 1) return null;
    int at = off + 20, end = off + len;
    while (at + 4 <= end) {
      int t = (b[at] & 255) << 8 | b[at + 1] & 255, l = (b[at + 2] & 255) << 8 | b[at + 3] & 255;
      if (at + 4 + l > end) return null;
      if (t == 6) {
        for (int i = 0; i < l; i++)
          if (b[at + 4 + i] == ':')
            return new String(b, at + 4, i, java.nio.charset.StandardCharsets.UTF_8);
        return null;
      }
      at += 4 + ((l + 3) & ~3);
    }
    return null;
  }
}
