export const SDK_NAME = "parley-js";
/** As in package.json; the server's log has it. */
export const SDK_VERSION = "0.1.0";
