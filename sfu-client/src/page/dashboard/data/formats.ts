import type { Language } from "../../i18n/language.js";

/** Numbers and times as they are written in one language. */
export interface Formats {
  /** As 0.6 Mbit/s. */
  readonly bits: (bitsPerSecond: number) => string;
  /** @param percent from 0 to 100 */
  readonly percent: (percent: number) => string;
  readonly ms: (ms: number) => string;
  /** As 5 min 12 s, or 3 h 2 min: the two largest parts. */
  readonly duration: (seconds: number) => string;
  readonly bytes: (bytes: number) => string;
  readonly number: (value: number) => string;
  /** Of today, with seconds. */
  readonly clock: (at: string | number) => string;
  /** With the year where it is another one. */
  readonly dateTime: (at: string | number) => string;
}

interface Units {
  readonly bits: readonly [string, string, string];
  readonly ms: string;
  readonly times: readonly [day: string, hour: string, minute: string, second: string];
  readonly megabytes: string;
}

const UNITS: Readonly<Record<Language, Units>> = {
  en: { bits: ["bit/s", "kbit/s", "Mbit/s"], ms: "ms", times: ["d", "h", "min", "s"], megabytes: "MB" },
  uk: { bits: ["біт/с", "кбіт/с", "Мбіт/с"], ms: "мс", times: ["д", "год", "хв", "с"], megabytes: "МБ" },
  ru: { bits: ["бит/с", "кбит/с", "Мбит/с"], ms: "мс", times: ["д", "ч", "мин", "с"], megabytes: "МБ" },
};

const LENGTHS_SEC = [86_400, 3600, 60, 1] as const;

/** English of Europe: a day has 24 hours. */
const REGIONS: Readonly<Record<Language, string>> = { en: "en-GB", uk: "uk", ru: "ru" };

export function formatsOf(language: Language, nowMs: () => number = Date.now): Formats {
  const { bits, ms, times, megabytes } = UNITS[language];
  const region = REGIONS[language];
  const exact = new Intl.NumberFormat(region, { maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(region, { maximumFractionDigits: 0 });
  const clock = new Intl.DateTimeFormat(region, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const moment: Intl.DateTimeFormatOptions = {
    ...{ day: "2-digit", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" },
  };
  const thisYear = new Intl.DateTimeFormat(region, moment);
  const anyYear = new Intl.DateTimeFormat(region, { ...moment, year: "numeric" });
  const short = (value: number) => (Math.abs(value) < 10 ? exact : whole).format(value);
  return {
    bits: (rate) => {
      const power = rate >= 100_000 ? 2 : rate >= 1000 ? 1 : 0;
      return `${short(rate / 1000 ** power)} ${bits[power]}`;
    },
    percent: (percent) => `${short(percent)} %`,
    ms: (value) => `${short(value)} ${ms}`,
    duration: (seconds) => {
      const total = Math.max(0, Math.round(seconds));
      const first = LENGTHS_SEC.findIndex((length) => total >= length);
      if (first < 0) return `0 ${times[3]}`;
      let rest = total;
      const parts = LENGTHS_SEC.slice(first, first + 2).map((length, index) => {
        const count = Math.floor(rest / length);
        rest %= length;
        return { count, unit: times[first + index] ?? "" };
      });
      return parts
        .filter(({ count }) => count > 0)
        .map(({ count, unit }) => `${count} ${unit}`)
        .join(" ");
    },
    bytes: (bytes) => `${whole.format(bytes / 2 ** 20)} ${megabytes}`,
    number: short,
    clock: (at) => clock.format(new Date(at)),
    dateTime: (at) => {
      const date = new Date(at);
      return (date.getFullYear() === new Date(nowMs()).getFullYear() ? thisYear : anyYear).format(date);
    },
  };
}
