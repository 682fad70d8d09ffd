/** An entry of its own, `sfu-client/check`: who only makes calls does not download it. */
export { wordCheck, type CheckReason, type CheckText, type CheckTexts } from "./check-reasons.js";
export type { CheckSurroundings, DeviceCounts, TestPicture, WatchedPicture } from "./check-surroundings.js";
export { ENGLISH_CHECK_TEXTS } from "./check-texts.js";
export {
  ConnectionCheck,
  type CheckEvents,
  type CheckId,
  type CheckOutcome,
  type CheckReport,
  type CheckResult,
  type CheckVerdict,
  type ConnectionCheckOptions,
} from "./connection-check.js";
export { consoleLog } from "./log.js";
export { browserPlatform } from "./platform.js";
