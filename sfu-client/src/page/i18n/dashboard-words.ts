import { computed } from "@preact/signals";
import { dashboardEn, type DashboardTexts } from "./dashboard-en.js";
import { dashboardRu } from "./dashboard-ru.js";
import { dashboardUk } from "./dashboard-uk.js";
import { language, type Language } from "./language.js";

export const DASHBOARD_TEXTS: Readonly<Record<Language, DashboardTexts>> = {
  en: dashboardEn,
  uk: dashboardUk,
  ru: dashboardRu,
};

/** The words of the operator's pages in the language that is chosen now. */
export const words = computed(() => DASHBOARD_TEXTS[language.value]);
