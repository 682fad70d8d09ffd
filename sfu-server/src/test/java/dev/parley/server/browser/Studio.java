package dev.parley.server.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What browser tests share, started when the first of them asks for it and stopped after the last:
 * the server and the browsers. Each test has its own rooms, and whoever it put into them is gone
 * after it. Belongs to the thread that runs the tests.
 */
final class Studio implements AutoCloseable {
  private static final AtomicInteger ROOMS = new AtomicInteger();

  private final List<Caller> callers = new ArrayList<>();
  private @Nullable TestServer server;
  private @Nullable Chromium chromium;
  private @Nullable Firefox firefox;

  /** Gives tests their {@link Studio}, and keeps pictures of a failure. */
  static final class Extension implements ParameterResolver, AfterEachCallback {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Studio.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return studio(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
      Studio studio = studio(context);
      if (context.getExecutionException().isPresent()) {
        studio.keep(
            context.getRequiredTestClass().getSimpleName()
                + "."
                + context.getRequiredTestMethod().getName());
      }
      studio.sendHome();
    }

    private static Studio studio(ExtensionContext context) {
      return context
          .getRoot()
          .getStore(ExtensionContext.Namespace.GLOBAL)
          .getOrComputeIfAbsent(Studio.class, key -> new Studio(), Studio.class);
    }
  }

  TestServer server() {
    if (server == null) {
      server = TestServer.start();
    }
    return server;
  }

  /** Chromium; a test that asks for it is skipped on a machine without. */
  Chromium chromium() {
    if (chromium == null) {
      Path executable = installed("Chromium", "chromium", Chromium.installed());
      chromium = Chromium.launch(executable);
    }
    return chromium;
  }

  /** Firefox; a test that asks for it is skipped on a machine without, or without a network. */
  Firefox firefox() throws IOException {
    if (firefox == null) {
      Assumptions.assumeTrue(
          TestServer.addresses().size() > 1,
          "Firefox gathers no candidate on a machine whose only address is 127.0.0.1.");
      Path executable = installed("Firefox", "firefox-esr", Firefox.installed());
      firefox = Firefox.launch(executable);
    }
    return firefox;
  }

  /** The name of a room that nobody was in yet. */
  static String newRoom() {
    return "test-room-" + ROOMS.incrementAndGet();
  }

  /** Puts a person into a room, with camera and microphone, and waits until the room is entered. */
  Caller enter(Browser browser, String room, String name) {
    return visit(browser::open, name, joinAtOnce(room, name)).joined();
  }

  /** As {@link #enter}, with a camera that shows a drawn person. */
  Caller enterDrawn(Chromium browser, String room, String name) {
    return visit(browser::openWithDrawnCamera, name, joinAtOnce(room, name)).joined();
  }

  /** As {@link #enterDrawn}, in a window so small that little is asked of the others. */
  Caller enterDrawnSmall(Chromium browser, String room, String name) {
    return visit(browser::openSmallWithDrawnCamera, name, joinAtOnce(room, name)).joined();
  }

  /** As {@link #enter}, on a machine so busy that its frames come a second late. */
  Caller enterWithLateFrames(String room, String name) {
    return visit(chromium()::openWithLateFrames, name, joinAtOnce(room, name)).joined();
  }

  /** As {@link #enterSmall}, with devices that can be pulled out (unplug.js). */
  Caller enterWithLooseDevices(String room, String name) {
    return visit(chromium()::openWithLooseDevices, name, joinAtOnce(room, name)).joined();
  }

  /**
   * Puts a person with a microphone into a room, whose invitation says who it is and what it may
   * do.
   */
  Caller enterInvited(String room, String name, String token) {
    String query = joinAtOnce(room, name) + "&video=0#token=" + token;
    return visit(chromium()::openSmall, name, query).joined();
  }

  /** As {@link #enter}, from a network that lets no UDP through. */
  Caller enterWithoutUdp(String room, String name) {
    return visit(chromium()::openWithoutUdp, name, joinAtOnce(room, name)).joined();
  }

  /** As {@link #enter}, with a camera in this codec. */
  Caller enterWith(String codec, String room, String name) {
    return visit(chromium()::open, name, joinAtOnce(room, name) + "&codec=" + codec).joined();
  }

  /** As {@link #enter}, in a window so small that little is asked of the others. */
  Caller enterSmall(String room, String name, String codec) {
    String query = joinAtOnce(room, name) + (codec.isEmpty() ? "" : "&codec=" + codec);
    return visit(chromium()::openSmall, name, query).joined();
  }

  /** Puts a person without camera and microphone into a room, who watches it frame by frame. */
  Caller enterWatching(String room, String name) {
    return visit(url -> chromium().openWatching(url), name, watching(room, name)).joined();
  }

  /** Brings a person without camera and microphone to a room's door. */
  Caller approach(String room, String name) {
    return visit(url -> chromium().openWatching(url), name, watching(room, name));
  }

  /** As {@link #approach}, for a person whose invitation says who it is and what it may do. */
  Caller approachInvited(String room, String name, String token) {
    String query = watching(room, name) + "#token=" + token;
    return visit(url -> chromium().openWatching(url), name, query);
  }

  /** As {@link #enterWatching}, over a network of its own. */
  Caller enterBy(Detour detour, String room, String name) {
    return visit(url -> chromium().openWatching(url, detour.script()), name, watching(room, name))
        .joined();
  }

  private static String watching(String room, String name) {
    return joinAtOnce(room, name) + "&video=0&audio=0";
  }

  /** Opens the card before a call as a link to the room does: the name is still to be written. */
  Caller arrive(Browser browser, String room, String name) {
    return visit(browser::open, name, "room=" + room);
  }

  /** Opens the card before a call, and waits until the person sees the camera's preview. */
  Caller prepare(Browser browser, String room, String name) {
    Caller caller = visit(browser::open, name, "room=%s&name=%s".formatted(room, name));
    caller.await("a preview of the camera", CallReport::previewing);
    return caller;
  }

  /** Ends a person's visit, whatever state it is in. */
  void sendHome(Caller caller) {
    callers.remove(caller);
    caller.close();
  }

  @Override
  public void close() {
    sendHome();
    if (chromium != null) {
      chromium.close();
    }
    if (firefox != null) {
      firefox.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static Path installed(String browser, String debianPackage, Optional<Path> place) {
    Assumptions.assumeTrue(
        place.isPresent(),
        "%s is not installed. On Debian: apt-get install %s".formatted(browser, debianPackage));
    return place.orElseThrow();
  }

  private static String joinAtOnce(String room, String name) {
    return "room=%s&name=%s&join=1"
        .formatted(room, URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  private Caller visit(Function<String, Tab> browser, String name, String query) {
    Caller caller = new Caller(name, browser.apply(server().callPage(query)));
    callers.add(caller);
    return caller;
  }

  private void sendHome() {
    for (Caller caller : List.copyOf(callers)) {
      sendHome(caller);
    }
  }

  /** Keeps what everyone saw, and what the server knows, in {@code target/browser}. */
  private void keep(String test) {
    try {
      Files.createDirectories(TestServer.OUTPUT);
      for (Caller caller : callers) {
        keep(test + "-" + caller.name(), caller);
      }
      if (server != null) {
        String pages = server.adminPage("/debug") + "\n\n" + server.adminPage("/metrics");
        write(test + "-server.txt", pages.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("What was seen could not be kept", failure);
    }
  }

  /** A page may be what is broken: then that is what is kept, and the others' follow. */
  private static void keep(String stem, Caller caller) throws IOException {
    try {
      write(stem + ".json", caller.report().text().getBytes(StandardCharsets.UTF_8));
      write(stem + ".png", caller.tab().screenshot());
    } catch (RuntimeException broken) {
      write(stem + ".txt", broken.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void write(String name, byte[] content) throws IOException {
    Files.write(TestServer.OUTPUT.resolve(name), content);
  }
}
