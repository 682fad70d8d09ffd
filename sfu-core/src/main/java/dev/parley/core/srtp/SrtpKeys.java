package dev.parley.core.srtp;

import java.util.Arrays;

/**
 * The master keys and salts of one DTLS-SRTP association (RFC 5764 section 4.2). <em>Client</em>
 * and <em>server</em> are the DTLS roles: each side protects with its own and unprotects with the
 * other's. Takes the arrays; nobody changes them.
 */
@SuppressWarnings("ArrayRecordComponent") // key bytes are handed over once and never compared
public record SrtpKeys(
    SrtpProfile profile, byte[] clientKey, byte[] clientSalt, byte[] serverKey, byte[] serverSalt) {

  /** The label of the exporter, RFC 5764 section 4.2. */
  public static final String EXPORTER_LABEL = "EXTRACTOR-dtls_srtp";

  /** Cuts the exporter's bytes: client key, server key, client salt, server salt. */
  public static SrtpKeys fromExporter(SrtpProfile profile, byte[] material) {
    if (material.length != profile.keyingMaterialLength()) {
      throw new IllegalArgumentException(
          profile + " needs " + profile.keyingMaterialLength() + " bytes, got " + material.length);
    }
    int key = profile.keyLength();
    int salt = profile.saltLength();
    return new SrtpKeys(
        profile,
        Arrays.copyOfRange(material, 0, key),
        Arrays.copyOfRange(material, 2 * key, 2 * key + salt),
        Arrays.copyOfRange(material, key, 2 * key),
        Arrays.copyOfRange(material, 2 * key + salt, 2 * (key + salt)));
  }

  /** Names the profile only, so that keys never reach a log. */
  @Override
  public String toString() {
    return "SrtpKeys[" + profile + "]";
  }
}
