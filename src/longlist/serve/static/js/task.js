// One search: its head, its grid, its panel, kept together in one flush.
import { $, $$, ask, failed, h, kept, number, read, say, setText, toast } from "./dom.js";
import { Grid, PROFILE } from "./grid.js";
import { keys, toggleDensity } from "./keys.js";
import { closeMenu, dialog, menu } from "./menus.js";
import { Panel } from "./panel.js";
import { Rows, addressOf, viewOf } from "./rows.js";
import { follow } from "./stream.js";
import { Head } from "./head.js";

const data = read(), base = `/ui/tasks/${data.task.id}`;
let task = data.task, view = viewOf(location.search), fresh = new Set(), flushing = 0, columnsFor = "";
const rows = new Rows(data.rows);
const head = new Head({ order, resume, rows });
const grid = new Grid($("#grid"), $("#scroller"), { open, sort, menu: columnMenu });
const panel = new Panel($("#panel"), base, {
  close() { const id = view.open; view.open = ""; remember(); grid.select(""); if (id) grid.focus(id); render(false); },
  step(by) { const id = grid.step(by, view.open); if (id) { open(id); const tr = $(`#row-${CSS.escape(id)}`); if (tr) grid.reveal(tr); } },
  changed() { if (!isLive()) stream.again(); },
  toTable: (id, name) => toTable(null, id, name),
});
const isLive = () => task.status === "created" || task.status === "in_progress";

function remember() {
  const said = addressOf(view);
  history.replaceState(null, "", said ? `?${said}` : location.pathname);
  for (const a of $$("#export a")) a.href = `${base}/export.${a.dataset.shape}?${addressOf(view, false)}`;
}

// Draw everything of one moment. Live changes never move rows under whoever reads: new ones wait behind a button.
function render(isFlush, changed = []) {
  rows.needed = task.needed; rows.target = task.target;
  const at = rows.at(view);
  const columns = JSON.stringify([task.criteria, view.hide]);
  if (columns !== columnsFor) { columnsFor = columns; grid.columns(task.criteria, view.hide); }
  grid.sorted(view.sort);
  if (isFlush && grid.order.length && (grid.isInUse || panel.isOpen)) {
    grid.mend(changed);
    const shown = new Set(at.shown.map((row) => row.id));
    fresh = new Set([...shown].filter((id) => !grid.has(id)).slice(0, 500));
    if (at.shown.length > 500) fresh = new Set([...fresh].filter((id) => at.shown.slice(0, 500).some((row) => row.id === id)));
  } else { fresh.clear(); grid.show(at.shown, isFlush); grid.select(view.open); }
  $("#fresh").hidden = fresh.size === 0;
  setText($("#fresh"), `${number(fresh.size)} new ${fresh.size === 1 ? "row" : "rows"} ↑`);
  for (const a of $$("#parts a")) {
    const { show } = a.dataset;
    setText($("b", a), number(at.counts[show]));
    if (show === view.show) a.setAttribute("aria-current", "true"); else a.removeAttribute("aria-current");
    a.hidden = ["failed", "aside", "pending"].includes(show) && !at.counts[show] && show !== view.show;
  }
  const left = at.shown.length - 500;
  if ($("#left")) $("#left").hidden = left <= 0;
  emptied(at);
  head.draw(task, at);
}

function emptied(at) {
  const node = $("#empty");
  node.hidden = at.shown.length > 0;
  if (at.shown.length) return;
  const filters = [view.q && `“${view.q}”`, ...Object.entries(view.least).map(([key, least]) => `${task.criteria.find((c) => c.key === key)?.name || key} ≥ ${least}`)].filter(Boolean);
  const clear = (text, change) => h("button", { onclick: () => set(change) }, text);
  if (filters.length) node.replaceChildren(h("h2", {}, "No row matches"), h("p", {}, filters.join(" · ")), clear("Clear filters", { q: "", least: {} }));
  else if (view.show === "qualified" && at.counts.all) node.replaceChildren(h("h2", {}, "Nothing qualified"), h("p", {}, data.hardest), clear(`Show ${number(at.counts.near)} near misses`, { show: "near" }));
  else if (view.show !== "all" && at.counts.all) node.replaceChildren(h("h2", {}, "None of these"), clear("Show all rows", { show: "all" }));
  else if (isLive()) node.replaceChildren(h("h2", {}, head.doing(task)), h("p", { id: "waiting" }, head.elapsed(task)));
  else node.replaceChildren(h("h2", {}, "Nothing was found"), h("p", {}, task.sentence), h("a", { class: "button", href: `/?from=${task.id}` }, "Change the search"));
}

function set(change) { view = { ...view, ...change, view: "view" in change ? change.view : "" }; remember(); $("#filter").value = view.q; render(false); }
function sort(column) {
  const isUp = ["name", "what", "hq"].includes(column), down = `-${column}`;
  set({ sort: view.sort === down ? column : view.sort === column ? down : isUp ? column : down });
  $("#scroller").scrollTop = 0;
}
function open(id) { view.open = id; remember(); grid.select(id); panel.open(id); }

function columnMenu(key, button) {
  grid.column = key;
  const criterion = task.criteria.find((c) => `g.${c.key}` === key), items = [];
  if (criterion) items.push(h("p", { class: "small muted" }, criterion.criterion));
  items.push(["Sort upwards ↑", () => set({ sort: key })], ["Sort downwards ↓", () => set({ sort: `-${key}` })]);
  if (criterion) {
    for (const least of [3, 4, 5]) items.push([`${view.least[criterion.key] === least ? "✓ " : ""}Only ${least}${least < 5 ? " and better" : ""}`, () => leastOf(criterion.key, least)]);
    if (view.least[criterion.key]) items.push(["All grades", () => leastOf(criterion.key, 0)]);
  }
  if (key !== "name") items.push(["Hide the column", () => set({ hide: [...view.hide, key] })]);
  menu(button, items, "Column");
}
function leastOf(key, least) {
  const now = { ...view.least };
  if (least && now[key] !== least) now[key] = least; else delete now[key];
  set({ least: now });
}
function columnsMenu(button) {
  const all = [...PROFILE.slice(1), ...task.criteria.map((c) => [`g.${c.key}`, c.name])];
  menu(button, all.map(([key, label]) => h("label", { class: "tick" }, h("input", { type: "checkbox", checked: !view.hide.includes(key), onchange: (event) => set({ hide: event.target.checked ? view.hide.filter((one) => one !== key) : [...view.hide, key] }) }), label)), "Columns");
}

const views = () => { try { return JSON.parse(kept("views") || "{}"); } catch { return {}; } };
function viewsMenu(button) {
  const saved = views();
  menu(button, [
    ...Object.keys(saved).map((name) => [`${name === view.view ? "✓ " : ""}${name}`, () => { view = { ...viewOf(saved[name]), open: view.open, view: name }; remember(); $("#filter").value = view.q; render(false); }]),
    ["Save this view…", async () => {
      const said = await dialog("Save this view", h("input", { name: "name", required: true, maxlength: "60", "aria-label": "Name", placeholder: "Name" }), [["Save", "save"]]);
      if (said?.name) { kept("views", JSON.stringify({ ...saved, [said.name]: addressOf({ ...view, view: "" }, false) })); set({ view: said.name }); toast("Saved in this browser; its filters are in the address too."); }
    }],
    ...(view.view && saved[view.view] !== undefined ? [[`Forget “${view.view}”`, () => { const { [view.view]: _, ...rest } = saved; kept("views", JSON.stringify(rest)); set({}); }]] : []),
    ["All rows, as at first", () => set({ show: "all", sort: "-relevance", least: {}, q: "", hide: [] })],
  ], "Views");
}

async function toTable(_, id = "", company = "") {
  try {
    const tables = await ask("GET", "/ui/v1/tables?kind=company&limit=100"), count = grid.order.length;
    const said = await dialog(id ? `Put ${company.slice(0, 80)} into a table` : `Put ${number(count)} companies into a table`, [
      h("label", { class: "stack small muted" }, "Table", h("select", { name: "table" }, h("option", { value: "" }, "A new table"), tables.map((one) => h("option", { value: one.id }, one.name)))),
      h("label", { class: "stack small muted" }, "Name of the new table", h("input", { name: "name", maxlength: "300", value: task.query.slice(0, 100) })),
      h("p", { class: "small muted" }, id ? "A company that the table has already is left as it is." : "The rows you see now. Companies that the table has already are left out.")], [["Put them there", "put"]]);
    if (!said) return;
    const told = await ask("POST", `${base}/to-table`, { table_id: said.table || null, name: said.name, view: id ? "" : addressOf(view, false), ids: id ? [id] : [] });
    toast(`${number(told.added)} added${told.left_out ? `, ${number(told.left_out)} were there already` : ""}.`, "Open the table", () => { location.href = `/tables/${told.table_id}`; });
  } catch (error) { failed(error); }
}

async function order(what) {
  setText($("#state"), what === "pause" ? "Pausing: what is under way is kept." : "Stopping: no new call leaves.");
  try { await ask("POST", `/internal/tasks/${task.id}/${what}`); } catch (error) { failed(error); }
}
async function resume(more) {
  try { await ask("POST", `/ui/v1/discovery_tasks/${task.id}/resume`, { desired_new_results: more }); stream.again(); } catch (error) { failed(error); }
}

// What came in together is shown together.
// On a slow machine that happens less often: drawing takes at most about a tenth of its time.
let arrived = new Map(), costs = 0, flushedAt = 0;
function flush() {
  const changed = [...arrived.values()], begun = performance.now();
  flushing = 0; flushedAt = begun;
  arrived = new Map();
  grid.isSlow = costs > 40;
  render(true, changed);
  const took = performance.now() - begun;
  requestAnimationFrame((frame) => setTimeout(() => { costs = took + Math.max(0, performance.now() - Math.max(frame, begun + took)); }));
  if (isLive()) say(`${task.qualified} qualified of ${task.evaluated} evaluated`);
}
const soon = () => { if (!flushing) flushing = setTimeout(flush, Math.max(0, Math.min(2000, costs * 10) - (performance.now() - flushedAt))); };
const stream = follow((rev) => `${base}/events?after=${rev}`, () => task.rev, {
  task(told) { head.note(task, told); task = told; soon(); },
  rows({ rows: some }) { rows.put(some); for (const row of some) arrived.set(row.id, row); soon(); },
  gone({ ids }) { rows.drop(ids); soon(); },
}, (told) => { if (told.status === "deleted") { toast("This search was deleted."); return; } say(task.sentence); });

$("#parts").addEventListener("click", (event) => { const a = event.target.closest("a"); if (a) { event.preventDefault(); set({ show: a.dataset.show }); } });
$("#filter").addEventListener("input", (event) => set({ q: event.target.value }));
$("#filter").form.addEventListener("submit", (event) => { event.preventDefault(); grid.focus(grid.order[0]); });
$("#fresh").addEventListener("click", () => { $("#scroller").scrollTop = 0; render(false); });
for (const [id, act] of [["columns", columnsMenu], ["density", toggleDensity], ["views", viewsMenu], ["to-table", toTable]]) { $(`#${id}`).hidden = false; $(`#${id}`).addEventListener("click", (event) => act(event.currentTarget)); }
const move = (by) => () => { if (panel.isOpen && view.open) panel.on.step(by); else grid.focus(document.activeElement?.closest("tbody") ? grid.step(by) : grid.step(0)); };
const least = (number) => () => { const key = grid.column.startsWith("g.") ? grid.column.slice(2) : task.criteria[0]?.key; if (key) leastOf(key, number); };
keys({
  "/": ["Filter rows", () => $("#filter").focus()],
  j: ["Next row", move(1)], k: ["Previous row", move(-1)], ArrowDown: ["", move(1)], ArrowUp: ["", move(-1)],
  Enter: ["Open the company", () => { if (!grid.focused || !$("#grid").contains(document.activeElement)) return false; open(grid.focused); }],
  Escape: ["Close, clear the filter", () => { closeMenu(); if (panel.isOpen) panel.close(); else if (view.q) set({ q: "" }); document.activeElement?.blur?.(); if (view.open === "" && grid.focused && !view.q) grid.focus(grid.focused); }],
  1: ["1 to 5: least grade on the column used last", least(1)], 2: ["", least(2)], 3: ["", least(3)], 4: ["", least(4)], 5: ["", least(5)],
  q: ["Qualified only, or all", () => set({ show: view.show === "qualified" ? "all" : "qualified" })],
  x: ["Exclude the open company", () => { if (panel.isOpen) panel.verdict("excluded"); }],
  e: ["Export", () => { $("#export").open = !$("#export").open; $("#export a").focus(); }],
});
new ResizeObserver(() => $("#scroller").classList.toggle("is-wide", $("#scroller").scrollWidth > $("#scroller").clientWidth + 1)).observe($("#grid"));
setInterval(() => head.tick(task), 1000);
remember();
render(false);
if (view.open) panel.open(view.open);
