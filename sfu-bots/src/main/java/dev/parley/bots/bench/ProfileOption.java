package dev.parley.bots.bench;

import dev.parley.core.srtp.SrtpProfile;

/** The SRTP profiles by the names that the command line has for them. */
enum ProfileOption {
  gcm128(SrtpProfile.AEAD_AES_128_GCM),
  gcm256(SrtpProfile.AEAD_AES_256_GCM),
  cm(SrtpProfile.AES_CM_128_HMAC_SHA1_80);

  private final SrtpProfile profile;

  ProfileOption(SrtpProfile profile) {
    this.profile = profile;
  }

  SrtpProfile profile() {
    return profile;
  }
}
