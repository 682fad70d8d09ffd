package dev.parley.server.log;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Takes out of a log text what must not be kept: tokens always, network addresses on request. An
 * address becomes a tag that is the same all through this process and means nothing outside it. Any
 * thread.
 */
public final class Redactor {
  private static final String HIDDEN = "(hidden)";
  private static final Set<String> SECRET_NAMES =
      Set.of("token", "secret", "password", "credential", "authorization", "pwd");
  private static final Pattern JWT = Pattern.compile("eyJ[\\w-]{5,}\\.[\\w-]+\\.[\\w-]*");
  private static final Pattern BEARER = Pattern.compile("(?i)(bearer\\s+)[\\w.~+/-]+=*");
  private static final Pattern IPV4 =
      Pattern.compile("(?<![\\w.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![\\w.]*\\w)");
  private static final Pattern IPV6 =
      Pattern.compile("(?<![\\w:.])[0-9a-fA-F:]*:[0-9a-fA-F:]*(?:(?:\\d{1,3}\\.){3}\\d{1,3})?");

  private final boolean redactAddresses;
  private final SecretKeySpec tagKey;

  /** {@code redactAddresses} also hides network addresses, loopback excepted. */
  public Redactor(boolean redactAddresses) {
    this.redactAddresses = redactAddresses;
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    this.tagKey = new SecretKeySpec(key, "HmacSHA256");
  }

  /** The text without tokens and, on request, without addresses. */
  public String redact(String text) {
    String clean = text;
    if (clean.contains("eyJ")) {
      clean = JWT.matcher(clean).replaceAll(HIDDEN);
    }
    if (clean.regionMatches(true, 0, "bearer", 0, 6) || clean.contains("earer ")) {
      clean = BEARER.matcher(clean).replaceAll("$1" + HIDDEN);
    }
    if (redactAddresses) {
      clean = IPV6.matcher(clean).replaceAll(this::tagIpv6);
      clean = IPV4.matcher(clean).replaceAll(match -> tag(match.group()));
    }
    return clean;
  }

  /** The value of a named field; nothing of it is left when the name says that it is a secret. */
  public String redactField(String name, String value) {
    String lower = name.toLowerCase(Locale.ROOT);
    return SECRET_NAMES.stream().anyMatch(lower::endsWith) ? HIDDEN : redact(value);
  }

  private String tagIpv6(MatchResult match) {
    String text = match.group();
    long colons = text.chars().filter(c -> c == ':').count();
    boolean address =
        (text.contains("::") && text.length() > 2)
            || colons == 7
            || (colons == 6 && text.contains("."));
    return address ? tag(text) : text;
  }

  private String tag(String address) {
    if (address.startsWith("127.") || address.equals("::1") || address.equals("0.0.0.0")) {
      return address;
    }
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(tagKey);
      byte[] digest =
          mac.doFinal(address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
      return "addr-" + HexFormat.of().formatHex(digest, 0, 4);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException("every JDK has HmacSHA256", broken);
    }
  }
}
