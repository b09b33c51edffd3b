// Keys, the sheet that lists them, and the two switches in the bar. Off while one types; never with Ctrl, Alt or Meta.
import { $, h, kept } from "./dom.js";
import { isMenuOpen } from "./menus.js";

export function setTheme(theme) {
  kept("theme", theme);
  if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme;
}
export function setDensity(density) {
  kept("density", density);
  if (density) document.documentElement.dataset.density = density; else delete document.documentElement.dataset.density;
}
export const isDark = () => (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
export const toggleTheme = () => setTheme(isDark() ? "light" : "dark");
export const toggleDensity = () => setDensity(document.documentElement.dataset.density ? "" : "comfortable");

const everywhere = { t: ["Light or dark", toggleTheme], d: ["Density", toggleDensity], "?": ["These keys", sheet] };
let known = { ...everywhere };

export function keys(more) { known = { ...more, ...everywhere }; }

function sheet() {
  if ($("#sheet")) return;
  const rows = Object.entries(known).filter(([, [text]]) => text).flatMap(([key, [text]]) => [h("kbd", {}, key), h("span", {}, text)]);
  const made = h("dialog", { id: "sheet", class: "modal", "aria-label": "Keyboard shortcuts" }, h("h2", {}, "Keyboard"), h("div", { class: "keys" }, rows),
    h("p", { class: "small muted" }, "They can be switched off in Settings."), h("form", { method: "dialog", class: "line" }, h("span", { class: "space" }), h("button", { class: "first" }, "Close")));
  made.addEventListener("close", () => made.remove());
  document.body.append(made);
  made.showModal();
}

const types = (node) => node.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(node.tagName) && !/^(checkbox|radio|button)$/.test(node.type);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isMenuOpen()) return;
  if (document.querySelector("dialog.modal[open]")) return; // it closes by itself
  if (event.key !== "Escape" && (kept("keys") === "off" || types(event.target))) return;
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  const found = known[event.key];
  if (found && found[1](event) !== false) event.preventDefault();
});

for (const [id, act] of [["theme", toggleTheme], ["help", sheet]]) {
  const button = $(`#${id}`);
  button.hidden = false;
  button.addEventListener("click", act);
}
