const DOWNLOAD_BEGINS_MS = 10_000;

/** Lets the browser keep a file. */
export function saveFile(name: string, contents: Blob): void {
  const address = URL.createObjectURL(contents);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The download has its own hold on the contents once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), DOWNLOAD_BEGINS_MS);
}
