// Small tools. Found text only ever enters a page as text: `h` makes text nodes, nothing here reads HTML.

export const $ = (selector, within = document) => within.querySelector(selector);
export const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const SVG = new Set(["svg", "rect", "path"]);

export function h(tag, attrs = {}, ...children) {
  const made = SVG.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attrs || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function link(url, ...text) {
  let safe = false;
  try { safe = ["http:", "https:"].includes(new URL(url).protocol); } catch { /* no address */ }
  return safe ? h("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, ...text) : h("span", {}, ...text);
}

export const read = (id = "data") => JSON.parse($(`#${id}`).textContent);
const PLAIN = new Intl.NumberFormat("en");
export const number = (value) => PLAIN.format(value ?? 0);
export const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };

export function kept(name, value) {
  try {
    if (value === undefined) return localStorage.getItem(name) || "";
    if (value) localStorage.setItem(name, value); else localStorage.removeItem(name);
  } catch { /* a browser that keeps nothing */ }
  return value || "";
}

export function ago(iso) {
  const seconds = Math.max(0, (Date.now() - new Date(iso)) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ago`;
  return new Date(iso).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}

export function lasted(seconds) {
  const all = Math.max(0, Math.round(seconds));
  return all < 3600 ? `${Math.floor(all / 60)}:${String(all % 60).padStart(2, "0")}` : `${Math.floor(all / 3600)} h ${Math.floor((all % 3600) / 60)} min`;
}

export const day = (iso) => new Date(iso).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });

export function money(cost) {
  if (!cost || !cost.calls) return "no paid calls";
  const tokens = cost.tokens ? ` · ${number(cost.tokens)} tokens` : "";
  const usd = cost.usd === null ? "" : `$${cost.usd < 0.01 ? cost.usd.toFixed(4) : cost.usd.toFixed(2)} · `;
  return `${usd}${number(cost.calls)} calls${tokens}`;
}

// Ask the server. Errors are sentences for people.
export async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? { Accept: "application/json" } : { Accept: "application/json", "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The server does not answer. Nothing was changed; try again.");
  }
  if (answer.status === 204) return null;
  const told = await answer.json().catch(() => ({}));
  if (answer.ok) return told;
  const detail = told.detail;
  throw new Error(Array.isArray(detail) ? detail.map((one) => one.msg).join(" ") : String(detail || `The server answered ${answer.status}.`));
}

export function toast(text, action, act) {
  const shown = h("div", { class: "toast" }, h("span", {}, text), action && h("button", { onclick: () => { shown.remove(); act(); } }, action));
  const toasts = $("#toasts");
  toasts.append(shown);
  if (toasts.matches(":popover-open")) toasts.hidePopover();
  toasts.showPopover(); // above the dialog that may be open
  setTimeout(() => shown.remove(), action ? 9000 : 5000);
}

export const failed = (error) => toast(error.message || String(error));

// One polite voice, at most every ten seconds.
let saidAt = 0, toSay = "", saying = 0;
export function say(text) {
  toSay = text;
  if (saying) return;
  saying = setTimeout(() => { saying = 0; saidAt = Date.now(); $("#spoken").textContent = toSay; }, Math.max(0, saidAt + 10000 - Date.now()));
}

export const WORDS = { 1: "No", 2: "Weak", 3: "Partial", 4: "Good", 5: "Strong" };

export function badge(grade, stage) {
  if (!grade) {
    return stage === "failed" ? h("span", { class: "gx", role: "img", "aria-label": "failed" }, "✕") : h("span", { class: "gp", role: "img", "aria-label": "pending" }, "···");
  }
  const counted = grade.by_hand ?? grade.grade;
  const hand = grade.by_hand !== null && grade.by_hand !== undefined;
  return h("span", {
    class: `badge g${counted || 0}${hand ? " hand" : ""}`, role: "img", "aria-label": `${counted || "?"} ${WORDS[counted] || "No evidence"}${hand ? ", by hand" : ""}`,
    title: hand ? `By hand; the machine said ${grade.grade ?? "?"}` : null,
  }, String(counted || "?"));
}
