/** An entry of its own, `sfu-client/check`: who only makes calls does not download it. */
export type { CheckSurroundings, DeviceCounts, TestPicture } from "./check-surroundings.js";
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
