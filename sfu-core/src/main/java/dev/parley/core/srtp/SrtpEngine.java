package dev.parley.core.srtp;

/** Who does the cryptography. */
public enum SrtpEngine {
  /** libcrypto by the foreign-function interface; AEAD profiles only. */
  OPENSSL,
  /** The jitsi-srtp library; every profile. */
  JITSI;

  /** System property that forces an engine: {@code openssl}, {@code jitsi} or {@code auto}. */
  public static final String PROPERTY = "parley.srtp.engine";

  /**
   * OPENSSL for AEAD profiles where libcrypto loads, else JITSI; {@link #PROPERTY} overrides.
   *
   * @throws IllegalStateException if the property names an engine that cannot serve
   */
  public static SrtpEngine preferred(SrtpProfile profile) {
    String forced = System.getProperty(PROPERTY, "auto");
    return switch (forced) {
      case "jitsi" -> JITSI;
      case "openssl" -> {
        if (profile.isAead() && !LibCrypto.available()) {
          throw new IllegalStateException(
              PROPERTY + "=openssl, but libcrypto.so.3 does not load: install libssl3");
        }
        yield profile.isAead() ? OPENSSL : JITSI;
      }
      case "auto" -> profile.isAead() && LibCrypto.available() ? OPENSSL : JITSI;
      default ->
          throw new IllegalStateException(PROPERTY + "=" + forced + ": use openssl, jitsi or auto");
    };
  }
}
