package dev.parley.signaling.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFileTest {
  @TempDir Path folder;

  @Test
  void shouldHoldTheLastTextAfterClosing() throws IOException {
    Path file = folder.resolve("deep/state.json");
    try (StateFile state = new StateFile(file)) {
      assertEquals(Optional.empty(), state.load());
      for (int i = 0; i <= 1000; i++) {
        state.save("text " + i + " ä");
      }
    }
    assertEquals("text 1000 ä", Files.readString(file));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    try (StateFile state = new StateFile(file)) {
      assertEquals(Optional.of("text 1000 ä"), state.load());
    }
  }

  @Test
  void shouldNotMindALeftoverOfAWriteThatWasCutOff() throws IOException {
    Path file = folder.resolve("state.json");
    Files.writeString(file, "whole");
    Files.writeString(folder.resolve("state.json.new"), "ha");
    try (StateFile state = new StateFile(file)) {
      assertEquals(Optional.of("whole"), state.load());
      state.save("next");
    }
    assertEquals("next", Files.readString(file));
    assertFalse(Files.exists(folder.resolve("state.json.new")));
  }

  @Test
  void shouldSetAsideWhatCannotBeRead() throws IOException {
    Path file = folder.resolve("state.json");
    Files.writeString(file, "{garbage");
    try (StateFile state = new StateFile(file)) {
      state.setAside();
      assertEquals(Optional.empty(), state.load());
    }
    assertEquals("{garbage", Files.readString(folder.resolve("state.json.unreadable")));
  }

  @Test
  void shouldGoOnAfterAFailure() throws IOException {
    Path file = folder.resolve("state.json");
    Path blocked = folder.resolve("state.json.new");
    Files.createDirectory(blocked);
    Files.createFile(blocked.resolve("child"));
    try (StateFile state = new StateFile(file)) {
      state.save("lost");
      while (Files.exists(blocked.resolve("child"))) {
        Files.delete(blocked.resolve("child"));
      }
      Files.delete(blocked);
      state.save("kept");
    }
    assertEquals("kept", Files.readString(file));
  }

  @Test
  void shouldRefuseAFolderThatIsAFile() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThrows(IOException.class, () -> new StateFile(file.resolve("state.json")));
    assertTrue(Files.isRegularFile(file));
  }
}
