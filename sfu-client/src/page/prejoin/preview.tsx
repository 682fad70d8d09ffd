import { useEffect, useRef } from "preact/hooks";
import { flag } from "../design/flag.js";
import { IconButton } from "../design/icon-button.js";
import { texts } from "../i18n/language.js";
import type { PrejoinState } from "./prejoin-state.js";

/** How others will see one, and the switches for it. */
export function Preview({ state }: { state: PrejoinState }) {
  const video = useRef<HTMLVideoElement>(null);
  const camera = state.camera.value;
  useEffect(() => {
    const { current } = video;
    if (!current) return;
    current.muted = true;
    current.srcObject = camera ? new MediaStream([camera]) : null;
  }, [camera]);
  const t = texts.value.prejoin;
  const heard = state.microphone.value !== undefined && !state.microphoneMuted.value;
  const busy = state.progress.value.step !== "idle";
  return (
    <div class="preview" data-picture={flag(camera !== undefined)} inert={busy}>
      <p class="preview-hint">{state.opening.value.has("camera") ? t.cameraStarting : t.cameraOff}</p>
      <video ref={video} class="mirrored" playsInline autoPlay muted />
      <div class="preview-buttons">
        <IconButton
          action="microphone"
          class="round"
          icon={heard ? "microphone" : "microphoneOff"}
          label={heard ? t.microphoneOn : t.microphoneOff}
          pressed={heard}
          run={() => void state.toggleMicrophone()}
        />
        <IconButton
          action="camera"
          class="round"
          icon={camera ? "camera" : "cameraOff"}
          label={camera ? t.cameraOn : t.cameraOff}
          pressed={camera !== undefined}
          run={() => void state.toggleCamera()}
        />
      </div>
    </div>
  );
}
