package dev.parley.server.doctor;

/**
 * What one check found.
 *
 * @param title what is so
 * @param cause why it matters or where it comes from; empty when all is well
 * @param advice what to do about it; empty when all is well
 */
public record Finding(Verdict verdict, String title, String cause, String advice) {
  /** Only {@link #PROBLEM} keeps a server from working. */
  public enum Verdict {
    OK,
    WARNING,
    PROBLEM
  }

  static Finding ok(String title) {
    return new Finding(Verdict.OK, title, "", "");
  }

  static Finding warning(String title, String cause, String advice) {
    return new Finding(Verdict.WARNING, title, cause, advice);
  }

  static Finding problem(String title, String cause, String advice) {
    return new Finding(Verdict.PROBLEM, title, cause, advice);
  }

  /** The same where the server works all the same. */
  Finding asWarning() {
    return verdict == Verdict.PROBLEM ? warning(title, cause, advice) : this;
  }
}
