package dev.parley.bots.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Writes a result for programs. */
final class ResultFile {
  private ResultFile() {}

  /**
   * Writes the whole result as JSON, replacing what was there.
   *
   * @throws IOException when the file cannot be written
   */
  static void write(Path file, Object result) throws IOException {
    new ObjectMapper()
        .registerModule(new SimpleModule().addSerializer(new ValueOrNull()))
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(file.toFile(), result);
  }

  private static final class ValueOrNull extends StdSerializer<Optional<?>> {
    private static final long serialVersionUID = 1L;

    ValueOrNull() {
      super(Optional.class, true);
    }

    @Override
    public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (value.isPresent()) {
        provider.defaultSerializeValue(value.get(), out);
      } else {
        out.writeNull();
      }
    }
  }
}
