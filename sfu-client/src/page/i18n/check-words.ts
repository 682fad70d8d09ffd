import type { CheckId } from "../../sdk/check.js";
import type { Language } from "./language.js";

/** What the connection check says, in one language. */
export interface CheckWords {
  readonly titles: Readonly<Record<CheckId, string>>;
  /** Of what was measured. */
  readonly labels: Readonly<Record<string, string>>;
}

const en: CheckWords = {
  titles: {
    browser: "Browser",
    devices: "Microphone and camera",
    websocket: "Connection to the server",
    clock: "Clock",
    resume: "Recovery of a lost connection",
    udp: "Media by UDP",
    tcp: "Media by TCP",
    relayUdp: "Relay by UDP",
    relayTcp: "Relay by TCP",
    relayTls: "Relay by TLS",
    call: "Echo call",
  },
  labels: {
    webSocket: "WebSocket",
    peerConnection: "WebRTC",
    secureContext: "Secure page",
    getUserMedia: "Access to devices",
    microphones: "Microphones",
    cameras: "Cameras",
    speakers: "Speakers",
    cameraWidth: "Picture's width",
    cameraHeight: "Picture's height",
    connectMs: "Time to connect",
    roundTripMs: "Round trip",
    offsetMs: "Difference to the server",
    path: "Way",
    localType: "Address on this side",
    remoteType: "Address on the server's side",
    sentKbps: "Sent",
    receivedKbps: "Came back",
    lossPercent: "Loss",
    jitterMs: "Jitter",
    fps: "Pictures a second",
    code: "Error",
    relays: "Server names relays",
    durationMs: "Time taken",
  },
};

const uk: CheckWords = {
  titles: {
    browser: "Браузер",
    devices: "Мікрофон і камера",
    websocket: "З’єднання із сервером",
    clock: "Годинник",
    resume: "Відновлення втраченого з’єднання",
    udp: "Медіа через UDP",
    tcp: "Медіа через TCP",
    relayUdp: "Ретранслятор через UDP",
    relayTcp: "Ретранслятор через TCP",
    relayTls: "Ретранслятор через TLS",
    call: "Дзвінок із відлунням",
  },
  labels: {
    webSocket: "WebSocket",
    peerConnection: "WebRTC",
    secureContext: "Захищена сторінка",
    getUserMedia: "Доступ до пристроїв",
    microphones: "Мікрофони",
    cameras: "Камери",
    speakers: "Динаміки",
    cameraWidth: "Ширина зображення",
    cameraHeight: "Висота зображення",
    connectMs: "Час з’єднання",
    roundTripMs: "Туди й назад",
    offsetMs: "Різниця із сервером",
    path: "Шлях",
    localType: "Адреса з цього боку",
    remoteType: "Адреса з боку сервера",
    sentKbps: "Надіслано",
    receivedKbps: "Повернулося",
    lossPercent: "Втрати",
    jitterMs: "Тремтіння",
    fps: "Кадрів за секунду",
    code: "Помилка",
    relays: "Сервер називає ретранслятори",
    durationMs: "Тривалість",
  },
};

const ru: CheckWords = {
  titles: {
    browser: "Браузер",
    devices: "Микрофон и камера",
    websocket: "Соединение с сервером",
    clock: "Часы",
    resume: "Восстановление потерянного соединения",
    udp: "Медиа через UDP",
    tcp: "Медиа через TCP",
    relayUdp: "Ретранслятор через UDP",
    relayTcp: "Ретранслятор через TCP",
    relayTls: "Ретранслятор через TLS",
    call: "Звонок с эхом",
  },
  labels: {
    webSocket: "WebSocket",
    peerConnection: "WebRTC",
    secureContext: "Защищённая страница",
    getUserMedia: "Доступ к устройствам",
    microphones: "Микрофоны",
    cameras: "Камеры",
    speakers: "Динамики",
    cameraWidth: "Ширина картинки",
    cameraHeight: "Высота картинки",
    connectMs: "Время соединения",
    roundTripMs: "Туда и обратно",
    offsetMs: "Разница с сервером",
    path: "Путь",
    localType: "Адрес с этой стороны",
    remoteType: "Адрес со стороны сервера",
    sentKbps: "Отправлено",
    receivedKbps: "Вернулось",
    lossPercent: "Потери",
    jitterMs: "Дрожание",
    fps: "Кадров в секунду",
    code: "Ошибка",
    relays: "Сервер называет ретрансляторы",
    durationMs: "Длительность",
  },
};

export const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = { en, uk, ru };
