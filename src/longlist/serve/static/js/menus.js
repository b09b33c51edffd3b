// Menus: one popover for all that scripts make, and <details> menus that close when one looks elsewhere.
import { $$, h } from "./dom.js";

let open = null;

export function closeMenu() { if (open) { open.node.remove(); open.from?.setAttribute("aria-expanded", "false"); open = null; } }

// `items`: nodes, or [text, act]. The menu stands under `from`, and gives the focus back.
export function menu(from, items, label) {
  if (open && open.from === from) { closeMenu(); return; }
  closeMenu();
  const node = h("div", { popover: "manual", role: "group", "aria-label": label }, items.map((item) => Array.isArray(item)
    ? h("button", { type: "button", onclick: () => { closeMenu(); from.focus(); item[1](); } }, item[0]) : item));
  document.body.append(node);
  node.showPopover();
  const box = from.getBoundingClientRect();
  node.style.left = `${Math.max(8, Math.min(box.left, innerWidth - node.offsetWidth - 8))}px`;
  node.style.top = `${Math.max(8, Math.min(box.bottom + 4, innerHeight - node.offsetHeight - 8))}px`;
  open = { node, from };
  from.setAttribute("aria-expanded", "true");
  node.querySelector("button, input")?.focus();
}

export const isMenuOpen = () => Boolean(open);

// A question with a form; resolves to its values, or null when it was left.
export function dialog(title, content, actions, testid) {
  return new Promise((resolve) => {
    const form = h("form", { method: "dialog", class: "stack" }, h("h2", {}, title), content,
      h("div", { class: "line" }, h("span", { class: "space" }), h("button", { type: "button", onclick: () => made.close() }, "Cancel"),
        actions.map(([text, value, kind]) => h("button", { value, class: kind ?? "first" }, text))));
    const made = h("dialog", { class: "modal", "data-testid": testid || null, "aria-label": title }, form);
    made.addEventListener("close", () => {
      const values = made.returnValue ? { action: made.returnValue, ...Object.fromEntries(new FormData(form)) } : null;
      made.remove();
      resolve(values);
    });
    document.body.append(made);
    made.showModal();
  });
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.node.contains(event.target) && !open.from.contains(event.target)) closeMenu();
  for (const details of $$("details.menu[open]")) if (!details.contains(event.target)) details.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const details = $$("details.menu[open]");
  if (open) { const { from } = open; closeMenu(); from.focus(); event.stopImmediatePropagation(); }
  else if (details.length) { for (const one of details) { one.open = false; one.firstElementChild.focus(); } event.stopImmediatePropagation(); }
}, true);
