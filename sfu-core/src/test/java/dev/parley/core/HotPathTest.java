package dev.parley.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Reads the class files: a method marked {@code @HotPath} may not allocate, box, make lambdas or
 * strings, lock, or read a clock. Building an exception is allowed: that is a broken invariant.
 */
class HotPathTest {
  private static final String MARK = "Ldev/parley/core/common/HotPath;";
  private static final int MARKED_AT_LEAST = 60;

  @Test
  void shouldNotAllocateLockOrReadTheClockInMarkedMethods() throws IOException {
    List<String> bad = new ArrayList<>();
    int marked = 0;
    try (var files = Files.walk(Path.of("target/classes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel type = ClassFile.of().parse(file);
        for (MethodModel method : type.methods()) {
          if (isMarked(method)) {
            marked++;
            check(type, method, bad);
          }
        }
      }
    }
    assertTrue(marked >= MARKED_AT_LEAST, "only " + marked + " marked methods were found");
    assertEquals(List.of(), bad);
  }

  private static boolean isMarked(MethodModel method) {
    return method
        .findAttribute(Attributes.runtimeInvisibleAnnotations())
        .map(a -> a.annotations().stream().anyMatch(x -> x.className().equalsString(MARK)))
        .orElse(false);
  }

  private static void check(ClassModel type, MethodModel method, List<String> bad) {
    String where = type.thisClass().asInternalName() + "." + method.methodName() + ": ";
    for (CodeElement element : method.code().map(c -> c.elementList()).orElse(List.of())) {
      switch (element) {
        case NewObjectInstruction n when !isThrowable(n) ->
            bad.add(where + "new " + n.className().asInternalName());
        case NewPrimitiveArrayInstruction n -> bad.add(where + "new array");
        case NewReferenceArrayInstruction n -> bad.add(where + "new array");
        case NewMultiArrayInstruction n -> bad.add(where + "new array");
        case InvokeDynamicInstruction n -> bad.add(where + "invokedynamic " + n.name());
        case MonitorInstruction n -> bad.add(where + "synchronized");
        case InvokeInstruction call -> checkCall(where, call, bad);
        default -> {}
      }
    }
  }

  private static void checkCall(String where, InvokeInstruction call, List<String> bad) {
    String owner = call.owner().asInternalName();
    String name = call.name().stringValue();
    if (name.equals("valueOf") && owner.startsWith("java/lang/")) {
      bad.add(where + "boxing");
    }
    if (name.equals("nanoTime") || name.equals("currentTimeMillis")) {
      bad.add(where + "reads a clock");
    }
    if (owner.startsWith("org/slf4j/") || owner.startsWith("java/util/stream/")) {
      bad.add(where + owner + "." + name);
    }
  }

  private static boolean isThrowable(NewObjectInstruction n) {
    String name = n.className().asInternalName();
    return name.endsWith("Exception") || name.endsWith("Error");
  }
}
