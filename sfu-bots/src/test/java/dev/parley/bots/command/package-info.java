@org.jspecify.annotations.NullUnmarked
package dev.parley.bots.command;
