/** The settings of the front end. */
@org.jspecify.annotations.NullMarked
package dev.parley.signaling.config;
