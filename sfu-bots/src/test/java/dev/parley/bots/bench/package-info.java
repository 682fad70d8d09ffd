@org.jspecify.annotations.NullMarked
package dev.parley.bots.bench;
