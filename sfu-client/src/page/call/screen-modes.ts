/** The large picture, else the first of somebody else, in a window of its own; or back into the page. */
export async function togglePictureInPicture(): Promise<void> {
  if (document.pictureInPictureElement) {
    await document.exitPictureInPicture();
    return;
  }
  const shown = "[data-picture]:not([hidden]):not([data-own]) video";
  const video =
    document.querySelector<HTMLVideoElement>(`[data-focused]${shown}`) ??
    document.querySelector<HTMLVideoElement>(shown);
  await video?.requestPictureInPicture();
}

export async function toggleFullScreen(): Promise<void> {
  if (document.fullscreenElement) await document.exitFullscreen();
  else await document.documentElement.requestFullscreen();
}
