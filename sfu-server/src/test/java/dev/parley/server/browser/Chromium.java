package dev.parley.server.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Headless Chromium, driven by Playwright. All of it belongs to the thread that launched it. Each
 * tab is a user of its own, with a storage of its own.
 */
final class Chromium implements Browser {
  private static final List<Path> PLACES =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private static final List<String> OPTIONS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--use-fake-device-for-media-stream=fps=30,device-count=3",
          "--use-fake-ui-for-media-stream",
          "--allow-loopback-in-peer-connection",
          // The last: a page that the test serves itself may talk to the server on loopback.
          "--disable-features=WebRtcHideLocalIpsWithMdns,LocalNetworkAccessChecks,"
              + "LocalNetworkAccessChecksWebSockets");

  private static final int WIDTH = 1280;
  private static final int HEIGHT = 800;
  private static final int SMALL_WIDTH = 420;
  private static final int SMALL_HEIGHT = 320;

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser browser;

  private Chromium(Playwright playwright, com.microsoft.playwright.Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /** Where this machine has it. */
  static Optional<Path> installed() {
    return PLACES.stream().filter(Files::isExecutable).findFirst();
  }

  static Chromium launch(Path executable) {
    return launch(executable, List.of());
  }

  /** The same with more options than every test needs. */
  static Chromium launch(Path executable, List<String> more) {
    List<String> options = new ArrayList<>(OPTIONS);
    options.addAll(more);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    try {
      return new Chromium(
          playwright,
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions().setExecutablePath(executable).setArgs(options)));
    } catch (RuntimeException failure) {
      playwright.close();
      throw failure;
    }
  }

  @Override
  public Tab open(String url) {
    return open(url, Browser.probe());
  }

  /** Opens a page whose camera shows a drawn person, another one for each name. */
  Tab openWithDrawnCamera(String url) {
    return open(url, Browser.probe(), Browser.script("drawn-camera.js"));
  }

  /** The same in a window where tiles are small, for those who are only looked at. */
  Tab openSmallWithDrawnCamera(String url) {
    return open(url, SMALL_WIDTH, SMALL_HEIGHT, Browser.probe(), Browser.script("drawn-camera.js"));
  }

  /** Opens a page on a machine so busy that its frames come a second late. */
  Tab openWithLateFrames(String url) {
    return open(url, Browser.probe(), Browser.script("late-frames.js"));
  }

  /** Opens a page whose devices can be pulled out (unplug.js). */
  Tab openWithLooseDevices(String url) {
    return open(url, SMALL_WIDTH, SMALL_HEIGHT, Browser.probe(), Browser.script("unplug.js"));
  }

  /** Opens a page behind a network that lets no UDP through. */
  Tab openWithoutUdp(String url) {
    return open(url, Browser.probe(), Browser.script("no-udp.js"));
  }

  /** Opens a page in a window where tiles are small. */
  Tab openSmall(String url) {
    return open(url, SMALL_WIDTH, SMALL_HEIGHT, Browser.probe());
  }

  /** Gives the window of one of this browser's tabs another size. */
  static void resize(Tab tab, int width, int height) {
    ((ChromiumTab) tab).page().setViewportSize(width, height);
  }

  /** Lets a page look as on a dark or a light system, on which nothing moves by itself. */
  static void dress(Tab tab, boolean dark) {
    ((ChromiumTab) tab)
        .page()
        .emulateMedia(
            new Page.EmulateMediaOptions()
                .setColorScheme(dark ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setReducedMotion(ReducedMotion.REDUCE));
  }

  /** Presses a key and keeps it down until {@link #release}. */
  static void hold(Tab tab, String key) {
    ((ChromiumTab) tab).page().keyboard().down(key);
  }

  static void release(Tab tab, String key) {
    ((ChromiumTab) tab).page().keyboard().up(key);
  }

  /** Writes into a field in place of what is in it; the field has the focus then. */
  static void fill(Tab tab, String selector, String text) {
    Page page = ((ChromiumTab) tab).page();
    page.fill(selector, text);
    page.focus(selector);
  }

  /**
   * Opens a page that has {@code window.watch} (picture-watch.js), and runs these scripts first.
   */
  Tab openWatching(String url, String... scripts) {
    List<String> all = new ArrayList<>(List.of(scripts));
    all.add(Browser.probe());
    all.add(Browser.script("picture-watch.js"));
    return open(url, all.toArray(String[]::new));
  }

  /**
   * Opens a page that the server does not have.
   *
   * @param files texts by their path at the server's address
   */
  Tab openWith(String url, Map<String, String> files) {
    BrowserContext context = browser.newContext();
    files.forEach((path, text) ->
        context.route(
            address -> URI.create(address).getPath().equals(path),
            route ->
                route.fulfill(
                    new Route.FulfillOptions()
                        .setContentType(path.endsWith(".js") ? "text/javascript" : "text/html")
                        .setBody(text))));
    Page page = context.newPage();
    page.navigate(url);
    return new ChromiumTab(context, page);
  }

  private Tab open(String url, String... scripts) {
    return open(url, WIDTH, HEIGHT, scripts);
  }

  private Tab open(String url, int width, int height, String... scripts) {
    BrowserContext context =
        browser.newContext(
            new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(width, height));
    for (String script : scripts) {
      // Playwright puts no function around it, and two scripts may use the same names.
      context.addInitScript("(() => {" + script + "})();");
    }
    Page page = context.newPage();
    page.navigate(url);
    return new ChromiumTab(context, page);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  private record ChromiumTab(BrowserContext context, Page page) implements Tab {
    @Override
    public String evaluate(String expression) {
      return String.valueOf(page.evaluate("async () => (" + expression + ")"));
    }

    @Override
    public void click(String selector) {
      page.click(selector);
    }

    @Override
    public void press(String keys) {
      page.keyboard().press(keys);
    }

    @Override
    public void type(String text) {
      page.keyboard().type(text);
    }

    @Override
    public void select(String selector, String value) {
      List<String> unused = page.selectOption(selector, value);
    }

    @Override
    public byte[] screenshot() {
      return page.screenshot();
    }

    @Override
    public void close() {
      // A page that is closed at once may lose the last words of its WebSocket, and so keep its
      // place for a minute.
      page.navigate("about:blank");
      page.close(new Page.CloseOptions().setRunBeforeUnload(false));
      context.close();
    }
  }
}
