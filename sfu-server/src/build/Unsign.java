import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Takes the signatures out of the jars in a folder: the Java machine archives no class of a signed
 * jar, so that each start would load, digest and verify it anew. Run by Maven as a source file.
 */
final class Unsign {
  private static final String SIGNATURES = "glob:/META-INF/*.{SF,DSA,RSA,EC}";

  public static void main(String[] folders) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(folders[0]))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        unsign(jar);
      }
    }
  }

  private static void unsign(Path jar) throws IOException {
    try (FileSystem zip = FileSystems.newFileSystem(jar)) {
      Path metaInf = zip.getPath("/META-INF");
      if (!Files.isDirectory(metaInf)) {
        return;
      }
      List<Path> signatures;
      try (Stream<Path> entries = Files.list(metaInf)) {
        signatures = entries.filter(zip.getPathMatcher(SIGNATURES)::matches).toList();
      }
      if (signatures.isEmpty()) {
        return;
      }
      for (Path signature : signatures) {
        Files.delete(signature);
      }
      Path file = metaInf.resolve("MANIFEST.MF");
      Manifest manifest;
      try (InputStream in = Files.newInputStream(file)) {
        manifest = new Manifest(in);
      }
      manifest.getEntries().clear();
      try (OutputStream out = Files.newOutputStream(file)) {
        manifest.write(out);
      }
    }
  }
}
