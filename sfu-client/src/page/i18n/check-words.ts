import { ENGLISH_CHECK_TEXTS, type CheckId, type CheckTexts } from "../../sdk/check.js";
import { RUSSIAN_CHECK_TEXTS } from "./check-texts-ru.js";
import { UKRAINIAN_CHECK_TEXTS } from "./check-texts-uk.js";
import type { Language } from "./language.js";

/** What the connection check says, in one language. */
export interface CheckWords {
  readonly titles: Readonly<Record<CheckId, string>>;
  /** Of what was measured. */
  readonly labels: Readonly<Record<string, string>>;
  /** Causes and advice. */
  readonly reasons: CheckTexts;
  /** While the microphone is listened to. */
  readonly speak: string;
  /** While the tone is played. */
  readonly heard: string;
  readonly heardYes: string;
  readonly heardNo: string;
}

const en: CheckWords = {
  titles: {
    browser: "Browser",
    microphone: "Microphone",
    camera: "Camera",
    speaker: "Speaker",
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
    levelPercent: "Loudest sound",
    brightnessPercent: "Picture's brightness",
    connectMs: "Time to connect",
    roundTripMs: "Round trip",
    offsetMs: "Difference to the server",
    offsetSec: "Clock is wrong by",
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
  reasons: ENGLISH_CHECK_TEXTS,
  speak: "Say something: we listen to your microphone.",
  heard: "Three notes are being played. Do you hear them?",
  heardYes: "I hear them",
  heardNo: "I hear nothing",
};

const uk: CheckWords = {
  titles: {
    browser: "Браузер",
    microphone: "Мікрофон",
    camera: "Камера",
    speaker: "Динамік",
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
    levelPercent: "Найгучніший звук",
    brightnessPercent: "Яскравість зображення",
    connectMs: "Час з’єднання",
    roundTripMs: "Туди й назад",
    offsetMs: "Різниця із сервером",
    offsetSec: "Похибка годинника",
    path: "Шлях",
    localType: "Адреса з цього боку",
    remoteType: "Адреса з боку сервера",
    sentKbps: "Надіслано",
    receivedKbps: "Повернулося",
    lossPercent: "Втрати",
    jitterMs: "Джитер",
    fps: "Кадрів за секунду",
    code: "Помилка",
    relays: "Сервер називає ретранслятори",
    durationMs: "Тривалість",
  },
  reasons: UKRAINIAN_CHECK_TEXTS,
  speak: "Скажіть щось: ми слухаємо ваш мікрофон.",
  heard: "Звучать три ноти. Ви їх чуєте?",
  heardYes: "Чую",
  heardNo: "Нічого не чую",
};

const ru: CheckWords = {
  titles: {
    browser: "Браузер",
    microphone: "Микрофон",
    camera: "Камера",
    speaker: "Динамик",
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
    levelPercent: "Самый громкий звук",
    brightnessPercent: "Яркость картинки",
    connectMs: "Время соединения",
    roundTripMs: "Туда и обратно",
    offsetMs: "Разница с сервером",
    offsetSec: "Ошибка часов",
    path: "Путь",
    localType: "Адрес с этой стороны",
    remoteType: "Адрес со стороны сервера",
    sentKbps: "Отправлено",
    receivedKbps: "Вернулось",
    lossPercent: "Потери",
    jitterMs: "Джиттер",
    fps: "Кадров в секунду",
    code: "Ошибка",
    relays: "Сервер называет ретрансляторы",
    durationMs: "Длительность",
  },
  reasons: RUSSIAN_CHECK_TEXTS,
  speak: "Скажите что-нибудь: мы слушаем ваш микрофон.",
  heard: "Звучат три ноты. Вы их слышите?",
  heardYes: "Слышу",
  heardNo: "Ничего не слышу",
};

export const CHECK_WORDS: Readonly<Record<Language, CheckWords>> = { en, uk, ru };
