package dev.parley.server.config;

/** A token secret with the name that tokens carry in their header as {@code kid}. */
public record SigningSecret(String kid, Secret secret) {}
