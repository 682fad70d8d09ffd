export const SDK_NAME = "parley-js";
export const SDK_VERSION = "0.1.0";
