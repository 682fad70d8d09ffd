package dev.parley.core.transport;

import dev.parley.core.bwe.Estimator;
import dev.parley.core.dtls.DtlsFingerprint;
import dev.parley.core.dtls.DtlsIdentity;
import dev.parley.core.ice.IceCredentials;
import dev.parley.core.ice.IceLite;
import dev.parley.core.srtp.SrtpProfile;
import java.util.List;

/** What both sides agreed on in offer and answer. */
public record TransportParameters(
    IceCredentials local,
    IceCredentials remote,
    List<DtlsFingerprint> remoteFingerprints,
    DtlsIdentity identity,
    List<SrtpProfile> srtpProfiles,
    IceLite.Settings ice,
    Estimator.Settings bandwidth) {}
