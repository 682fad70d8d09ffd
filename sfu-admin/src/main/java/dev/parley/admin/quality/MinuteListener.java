package dev.parley.admin.quality;

/** Is told of each minute of each visit, on the sampling thread; must return soon. */
public interface MinuteListener {
  void onMinute(VisitRef visit, QualityMinute minute);
}
