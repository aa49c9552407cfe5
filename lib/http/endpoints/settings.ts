import { settingsPatch } from "#lib/settings/settings.ts";
import { endpoint } from "../endpoint.ts";
import { settingsShape } from "../shapes/settings.ts";

const group = "Settings";

export const getSettings = endpoint({
  id: "getSettings",
  method: "GET",
  path: "/settings",
  group,
  summary: "Settings that people change while the product runs",
  access: { role: "viewer", scope: "admin" },
  answers: { 200: { description: "All settings.", schema: settingsShape } },
});

export const updateSettings = endpoint({
  id: "updateSettings",
  method: "PUT",
  path: "/settings",
  group,
  summary: "Change the settings that are named and leave the rest",
  access: { role: "admin", scope: "admin" },
  body: settingsPatch,
  answers: { 200: { description: "All settings after the change.", schema: settingsShape } },
});
