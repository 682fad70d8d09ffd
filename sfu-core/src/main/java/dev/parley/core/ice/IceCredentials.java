package dev.parley.core.ice;

import java.security.SecureRandom;

public record IceCredentials(String ufrag, String pwd) {
  private static final SecureRandom R = new SecureRandom();

  public static IceCredentials random() {
    return new IceCredentials(s(8), s(24));
  }

  private static String s(int n) {
    String a = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    StringBuilder b = new StringBuilder();
    for (int i = 0; i < n; i++) b.append(a.charAt(R.nextInt(a.length())));
    return b.toString();
  }
}
