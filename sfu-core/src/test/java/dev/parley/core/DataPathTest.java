package dev.parley.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The packet's way, socket to socket, as the table of ARCHITECTURE.md has it: each stop calls the
 * next, through methods of its own class at most.
 */
class DataPathTest {
  private static final String[][] CALLS = {
    {"net.UdpPort.onReadable", "net.UdpPort.take"},
    {"net.UdpEndpoint.take", "net.Demux.route"},
    {"net.Demux.route", "transport.Transport.handleDatagram"},
    {"transport.Transport.handleDatagram", "srtp.SrtpReceiver.unprotect"},
    {"transport.Transport.handleDatagram", "room.Participant.onRtp"},
    {"room.Participant.onRtp", "publisher.PublishedTrack.handleRtp"},
    {"publisher.PublishedTrack.handleRtp", "room.Room.onRtp"},
    {"room.Room.onRtp", "room.Dispatch.send"},
    {"room.Dispatch.send", "subscriber.Subscription.forward"},
    {"room.Dispatch.depart", "subscriber.Subscription.forward"},
    {"subscriber.Subscription.forward", "subscriber.Slot.send"},
    {"subscriber.Slot.send", "transport.Transport.sendRtp"},
    {"transport.Transport.sendRtp", "srtp.SrtpSender.protect"},
    {"transport.Transport.sendRtp", "net.UdpEndpoint.commit"},
    {"net.UdpPort.onReadable", "net.UdpPort.flush"},
  };

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.parley.core");

  @Test
  void shouldCallTheNextStopFromEachStop() {
    for (String[] call : CALLS) {
      assertTrue(calls(call[0], call[1]), call[0] + " does not call " + call[1]);
    }
  }

  private boolean calls(String from, String to) {
    JavaClass owner = classes.get("dev.parley.core." + className(from));
    JavaClass target = classes.get("dev.parley.core." + className(to));
    Deque<String> open = new ArrayDeque<>(Set.of(methodName(from)));
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      String name = open.pop();
      if (!seen.add(name)) {
        continue;
      }
      for (var method : owner.getMethods()) {
        if (!method.getName().equals(name)) {
          continue;
        }
        for (var call : method.getMethodCallsFromSelf()) {
          if (call.getName().equals(methodName(to))
              && target.isAssignableTo(call.getTargetOwner().getName())) {
            return true;
          }
          if (call.getTargetOwner().equals(owner)) {
            open.push(call.getName());
          }
        }
      }
    }
    return false;
  }

  private static String className(String stop) {
    return stop.substring(0, stop.lastIndexOf('.'));
  }

  private static String methodName(String stop) {
    return stop.substring(stop.lastIndexOf('.') + 1);
  }
}
