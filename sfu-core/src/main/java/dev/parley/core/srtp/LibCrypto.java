package dev.parley.core.srtp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.parley.core.common.HotPath;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The few functions of OpenSSL 3's libcrypto that AES-GCM needs. Pointers are plain {@code long}s:
 * a {@code MemorySegment} per argument would be an allocation per call. Calls made per packet are
 * <em>critical</em> (no thread-state transition): each works a few hundred nanoseconds and never
 * blocks or calls back. Creating and keying a context may take libcrypto's locks, hence is not.
 */
@SuppressWarnings("restricted") // the point of the class; the launcher grants native access
final class LibCrypto {
  static final int GET_TAG = 0x10;
  static final int SET_TAG = 0x11;

  private static final String[] NAMES = {"libcrypto.so.3", "libcrypto.3.dylib", "libcrypto.so"};
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LIBRARY = load();

  private static final MethodHandle CTX_NEW =
      handle("EVP_CIPHER_CTX_new", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle CTX_FREE =
      handle("EVP_CIPHER_CTX_free", FunctionDescriptor.ofVoid(JAVA_LONG));
  private static final MethodHandle AES_128_GCM =
      handle("EVP_aes_128_gcm", FunctionDescriptor.of(JAVA_LONG));
  private static final MethodHandle AES_256_GCM =
      handle("EVP_aes_256_gcm", FunctionDescriptor.of(JAVA_LONG));
  private static final FunctionDescriptor INIT =
      FunctionDescriptor.of(
          JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle SET_KEY = handle("EVP_CipherInit_ex", INIT);
  private static final MethodHandle SET_IV = critical("EVP_CipherInit_ex", INIT);
  private static final MethodHandle UPDATE =
      critical(
          "EVP_CipherUpdate",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
  private static final MethodHandle FINAL =
      critical(
          "EVP_CipherFinal_ex", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle CTRL =
      critical(
          "EVP_CIPHER_CTX_ctrl",
          FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG));

  private LibCrypto() {}

  /** Whether the library is on this machine, has all functions, and may be called. */
  static boolean available() {
    return Availability.YES;
  }

  /** A context keyed for one direction; {@link #free} it. {@code key} points to its bytes. */
  static long newGcm(int keyLength, long key, boolean encrypt) {
    try {
      long cipher =
          keyLength == 16 ? (long) AES_128_GCM.invokeExact() : (long) AES_256_GCM.invokeExact();
      long context = (long) CTX_NEW.invokeExact();
      if (context == 0) {
        throw new OutOfMemoryError("EVP_CIPHER_CTX_new returned null");
      }
      if ((int) SET_KEY.invokeExact(context, cipher, 0L, key, 0L, encrypt ? 1 : 0) != 1) {
        free(context);
        throw new IllegalStateException("libcrypto refuses an AES-GCM key of " + keyLength);
      }
      return context;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  static void free(long context) {
    try {
      CTX_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Starts a message with the 12-byte nonce at {@code iv}; keeps key and direction. */
  @HotPath
  static int start(long context, long iv) {
    try {
      return (int) SET_IV.invokeExact(context, 0L, 0L, 0L, iv, -1);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@code out} 0: associated data. {@code written} points to an int. */
  @HotPath
  static int update(long context, long out, long written, long in, int length) {
    try {
      return (int) UPDATE.invokeExact(context, out, written, in, length);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** Ends a message; 0 when decrypting means: the tag does not match. */
  @HotPath
  static int finish(long context, long out, long written) {
    try {
      return (int) FINAL.invokeExact(context, out, written);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  /** {@link #GET_TAG} after an encryption, {@link #SET_TAG} before a decryption; 16 bytes. */
  @HotPath
  static int tag(long context, int which, long tag) {
    try {
      return (int) CTRL.invokeExact(context, which, 16, tag);
    } catch (Throwable e) {
      throw impossible(e);
    }
  }

  private static AssertionError impossible(Throwable e) {
    return new AssertionError("a native call does not throw", e);
  }

  private static SymbolLookup load() {
    IllegalArgumentException last = null;
    for (String name : NAMES) {
      try {
        return SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException e) {
        last = e;
      }
    }
    throw new IllegalStateException("no libcrypto of OpenSSL 3 on this machine", last);
  }

  private static MethodHandle handle(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type);
  }

  private static MethodHandle critical(String name, FunctionDescriptor type) {
    return LINKER.downcallHandle(LIBRARY.findOrThrow(name), type, Linker.Option.critical(false));
  }

  /** Apart, so that asking does not fail where loading does. */
  private static final class Availability {
    static final boolean YES = probe();

    private static boolean probe() {
      try {
        return GcmContext.selfTest();
      } catch (LinkageError | RuntimeException e) {
        // No library, an older one, or native access denied: jitsi-srtp takes over.
        return false;
      }
    }
  }
}
