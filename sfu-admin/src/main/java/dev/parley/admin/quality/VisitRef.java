package dev.parley.admin.quality;

/** Whose visit to which room. */
public record VisitRef(
    String room, String roomId, String participantId, String identity, String displayName) {}
