// One table: cells that fill while one looks, columns that ask, runs that are agreed to first.
import { $, $$, ask, failed, h, money, number, read, say, setText, toast } from "./dom.js";
import { CellPanel } from "./cell.js";
import { columnForm } from "./column.js";
import { importFile } from "./importing.js";
import { keys, toggleDensity } from "./keys.js";
import { closeMenu, dialog, menu } from "./menus.js";
import { TRIED, preview, previewed } from "./preview.js";
import { follow } from "./stream.js";

const data = read(), base = `/ui/v1/tables/${data.table.id}`, own = `/ui/tables/${data.table.id}`;
let table = data.table, columns = data.columns, rev = -1, column = "", focused = null;
const shown = () => { const some = columns.filter((one) => !data.hide.includes(one.key)); return some.length ? some : columns; };
const cells = new Map(data.rows.map((row) => [row.id, row.cells]));
const body = $("#grid").tBodies[0];
const panel = new CellPanel($("#panel"), base, { retry: (row, of) => run({ mode: "all", rows: [row], columns: [of] }), close() { select(null); focused?.focus(); }, step: (by) => step(by) });

const WIDTHS = { input: 220, company_name: 190, company_website: 190, company_profile: 110, discovery_scores: 110 };
function width(one) { return `${WIDTHS[one.key] || WIDTHS[one.kind] || (["numeric", "grade", "date"].includes(one.format) ? 120 : 210)}px`; }

function cellOf(cell) {
  if (cell.status === "failed") return [h("span", { class: "gx", title: cell.error }, "✕ failed")];
  if (cell.status === "in_progress") return [h("span", { class: "muted" }, "⟳ running")];
  if (cell.status === "requested") return [h("span", { class: "muted" }, "◌ waiting")];
  if (cell.answer === "Not found") return [h("span", { class: "muted" }, "Not found")];
  return [cell.answer, cell.n > 0 && h("sup", { class: "muted", title: `${cell.n} sources` }, String(cell.n))].filter(Boolean);
}

function node(rowId, of, place) {
  const made = h(place ? "td" : "th", place ? {} : { scope: "row" });
  made.dataset.column = of;
  fill(made, cells.get(rowId)?.[of] || { status: null, answer: "", n: 0, error: "" });
  return made;
}
function fill(made, cell) { made.replaceChildren(...cellOf(cell)); made.title = cell.error || (cell.answer.length > 24 ? cell.answer : ""); made.dataset.status = cell.status || ""; }

function rowNode(id) {
  const made = h("tr", { "data-testid": `row-${id}`, tabindex: "-1" });
  made.dataset.id = id;
  made.append(...shown().map((one, place) => node(id, one.id, place)));
  return made;
}

function header() {
  const sorted = new URLSearchParams(location.search).get("sort") || "";
  $("#grid").tHead.rows[0].replaceChildren(...shown().map((one) => {
    const th = h("th", { scope: "col", title: one.prompt || null, "aria-sort": sorted.replace(/^-/, "") === one.key ? (sorted.startsWith("-") ? "descending" : "ascending") : null },
      h("div", {}, h("a", { class: "by", href: sortBy(one.key, sorted) }, `${one.is_input ? "" : "✦ "}${one.name}`), h("button", { "aria-label": `Column ${one.name}`, "aria-haspopup": "true", onclick: (event) => columnMenu(one, event.currentTarget) }, "▾")));
    th.dataset.id = one.id;
    return th;
  }));
  $("#grid").style.setProperty("--min", `calc(${shown().map(width).join(" + ")})`);
  $("#grid").classList.add("live");
  $("#grid").style.setProperty("--cols", shown().map((one, place, all) => place === all.length - 1 ? `minmax(${width(one)}, 1fr)` : width(one)).join(" "));
}
function sortBy(key, sorted) { return other({ sort: sorted === key ? `-${key}` : key }); }
// The address of a view that differs from this one; what is empty is left out.
function other(change) {
  const asked = new URLSearchParams(location.search);
  asked.delete("page");
  for (const [key, value] of Object.entries(change)) if (value) asked.set(key, value); else asked.delete(key);
  return `?${asked}`;
}
const go = (change) => { location.search = other(change); };
const hide = (keys) => go({ hide: keys.join(",") });

function draw() {
  header();
  body.replaceChildren(...[...cells.keys()].map(rowNode));
  settle();
}
function settle() {
  if (!focused?.isConnected) focused = body.rows[0] || null;
  for (const tr of $$("tr[tabindex='0']", body)) tr.tabIndex = -1;
  if (focused) focused.tabIndex = 0;
  $("#empty").hidden = cells.size > 0;
}
function head() {
  setText($("#state"), `${number(table.num_rows)} ${table.num_rows === 1 ? "row" : "rows"}`);
  setText($("#counts"), [table.waiting && `${number(table.waiting)} cells waiting or running${table.has_worker ? "" : " (no worker runs here: start one with longlist serve)"}`, `${number(table.done)} done`, table.failed && `${number(table.failed)} failed`].filter(Boolean).join(" · "));
  setText($("#cost"), money(table.cost));
  $("#dot").className = `dot ${table.waiting ? "running" : "done"}`;
}

function columnMenu(one, button) {
  column = one.id;
  const items = [];
  if (one.prompt) items.push(h("p", { class: "small muted" }, one.prompt.slice(0, 400)));
  if (!one.is_input) for (const [mode, text] of [["first", "Run the first 10 empty cells…"], ["new", "Run empty cells…"], ["failed", "Run failed cells…"], ["all", "Run all cells…"]]) items.push([text, () => offer(one, mode)]);
  if (one.kind === "agent") items.push(["Edit the question…", () => columnForm(one, columns, (config) => ask("PATCH", `${base}/columns/${one.id}`, config), table.kind)]);
  items.push(["Filter…", () => filter(one)]);
  for (const [state, text] of [[":answered", "Only rows with an answer"], [":empty", "Only rows without an answer"], [":failed", "Only rows where it failed"]]) if (state !== ":failed" || !one.is_input) items.push([`${data.filters[one.key] === state ? "✓ " : ""}${text}`, () => go({ [`f.${one.key}`]: data.filters[one.key] === state ? "" : state })]);
  if (shown().length > 1) items.push(["Hide the column", () => hide([...data.hide, one.key])]);
  items.push(["Delete the column…", async () => {
    if (await dialog(`Delete “${one.name}”?`, h("p", {}, "Its cells go with it."), [["Delete", "delete"]])) ask("DELETE", `${base}/columns/${one.id}`).catch(failed);
  }]);
  menu(button, items, "Column");
}

async function filter(one) {
  const now = data.filters[one.key] || "";
  const said = await dialog(`Filter “${one.name}”`, h("label", { class: "stack small muted" }, "Only rows where it says", h("input", { name: "words", maxlength: "200", value: now.startsWith(":") ? "" : now })), [["Filter", "filter"]]);
  if (said) go({ [`f.${one.key}`]: said.words.trim() });
}
function columnsMenu(button) {
  menu(button, columns.map((one) => h("label", { class: "tick" }, h("input", { type: "checkbox", checked: !data.hide.includes(one.key), disabled: shown().length === 1 && shown()[0] === one, onchange: (event) => hide(event.target.checked ? data.hide.filter((key) => key !== one.key) : [...data.hide, one.key]) }), one.name)), "Columns");
}

// How many cells, then yes or no: nothing is ever run without.
async function offer(one, mode) {
  try {
    const { count, rows, needs, estimate } = await ask("GET", `${own}/cells?column=${one.id}&mode=${mode}`);
    if (!count) { toast(mode === "failed" ? "No cell of this column has failed." : "No cell of this column is empty."); return; }
    const said = await dialog(`Run “${one.name}” on ${number(count)} ${count === 1 ? "cell" : "cells"}?`, [h("p", {}, estimate), needs.length > 0 && h("p", { class: "muted" }, `Made from ${needs.join(", ")}: where these are empty they are made first.`)].filter(Boolean), [[`Run ${number(count)}`, "run"]], "run-dialog");
    if (said) await run({ mode: mode === "first" ? "new" : mode, rows, columns: [one.id] });
  } catch (error) { failed(error); }
}
async function run(asked) {
  try { const told = await ask("POST", `${base}/run`, asked); toast(`${number(told.num_requested_cells)} cells asked for.`); } catch (error) { failed(error); }
}

async function addColumn() {
  const added = await columnForm(null, columns, (config) => ask("POST", `${base}/columns`, { column_configs: [config] }), table.kind);
  if (!added) return;
  const [made] = added.answer, one = { id: made.id, name: made.config.name, kind: made.config.kind }, rows = [...cells.keys()].slice(0, TRIED);
  if (made.config.kind === "input" || !rows.length) return;
  try {
    if (added.action === "try" && !await preview(one, rows, base, tried)) toast("The column was not kept.");
    else toast(added.action === "try" ? "The column is kept." : "The column asks nothing yet.", "Run first 10", () => offer(one, "first"));
  } catch (error) { failed(error); }
}
const tried = {
  name: (row) => (cells.get(row)?.[columns.find((one) => one.kind === "company_name")?.id]?.answer || Object.values(cells.get(row) || {}).find((cell) => cell.answer)?.answer || "Row").slice(0, 80),
  draw(row, of) { const cell = cells.get(row)?.[of] || { status: "requested" }; return cell.status === "failed" ? [h("span", { class: "gx" }, `✕ ${cell.error || "failed"}`)] : cellOf(cell); },
  isBusy: (row, of) => ["requested", "in_progress"].includes(cells.get(row)?.[of]?.status),
  estimate: async (one) => (await ask("GET", `${own}/cells?column=${one.id}&mode=first&most=${TRIED}`)).estimate,
  async change(one) {
    const now = columns.find((other) => other.id === one.id);
    const changed = now && await columnForm(now, columns, (config) => ask("PATCH", `${base}/columns/${one.id}`, config), table.kind);
    return changed && { ...one, name: changed.answer.config.name };
  },
};
async function addRows() {
  const said = await dialog("Add companies", [h("label", { class: "stack small muted" }, "One website or name a line", h("textarea", { name: "companies", rows: "6", required: true }))], [["Add", "add"], ["Import a file instead", "file", ""]]);
  if (said?.action === "file") { importFile(table.id); return; }
  const rows = (said?.companies || "").split("\n").map((line) => line.trim()).filter(Boolean).map((input) => ({ data: { input } }));
  try { for (let from = 0; from < rows.length; from += 500) await ask("POST", `${base}/rows`, { rows: rows.slice(from, from + 500) }); } catch (error) { failed(error); }
}
function tableMenu(button) {
  menu(button, [
    ["Rename…", async () => { const said = await dialog("Rename the table", h("input", { name: "name", required: true, maxlength: "300", value: table.name, "aria-label": "Name" }), [["Rename", "go"]]); if (said) ask("PATCH", base, { name: said.name }).then(() => location.reload()).catch(failed); }],
    ["Copy the table", () => ask("POST", `${base}/clone`).then((made) => { location.href = `/tables/${made.id}`; }).catch(failed)],
    ["Import a file…", () => importFile(table.id)],
    ["Delete the table…", async () => { if (await dialog("Delete this table?", h("p", {}, `“${table.name.slice(0, 200)}” goes, with its ${number(table.num_rows)} rows. Tasks stay.`), [["Delete", "delete"]])) ask("DELETE", base).then(() => { location.href = "/tables"; }).catch(failed); }],
  ], "Table");
}

function select(cell) { for (const one of $$(".picked", body)) one.classList.remove("picked"); cell?.classList.add("picked"); }
function open(tr, of) { focused = tr; settle(); const one = columns.find((c) => c.id === of) || shown()[0]; column = one.id; select($(`[data-column="${CSS.escape(one.id)}"]`, tr)); panel.open(tr.dataset.id, one, columns); }
function step(by) {
  const rows = [...body.rows], at = rows.indexOf(focused), next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
  if (!next) return;
  if (panel.isOpen) open(next, column); else { focused = next; settle(); next.focus(); }
  next.scrollIntoView({ block: "nearest" });
}
body.addEventListener("click", (event) => { const cell = event.target.closest("td, th"); if (cell && !String(getSelection())) open(cell.parentNode, cell.dataset.column); });
body.addEventListener("focusin", (event) => { focused = event.target.closest("tr"); settle(); });

follow(() => `${own}/events?${data.query}`, () => rev, {
  table(told) { table = told; rev = told.rev; head(); if (!told.waiting) previewed(null); if (told.waiting) say(`${told.done} cells done, ${told.waiting} to go`); },
  columns(told) { if (JSON.stringify(told.columns) !== JSON.stringify(columns)) { columns = told.columns; draw(); } },
  cells({ cells: some, gone, order }) {
    for (const id of gone) { cells.delete(id); $(`tr[data-id="${CSS.escape(id)}"]`, body)?.remove(); }
    for (const { row, column: of, ...cell } of some) {
      if (!cells.has(row)) cells.set(row, {});
      cells.get(row)[of] = cell;
      const made = $(`tr[data-id="${CSS.escape(row)}"] [data-column="${CSS.escape(of)}"]`, body);
      if (made) fill(made, cell);
    }
    for (const id of order) if (!$(`tr[data-id="${CSS.escape(id)}"]`, body)) body.append(rowNode(id));
    settle();
    panel.changed(some);
    previewed(some);
  },
});

for (const [id, act] of [["add-rows", addRows], ["add-column", addColumn], ["columns", columnsMenu], ["density", toggleDensity], ["more", tableMenu]]) { $(`#${id}`).hidden = false; $(`#${id}`).addEventListener("click", (event) => act(event.currentTarget)); }
keys({
  "/": ["Filter rows", () => $("#filter").focus()], j: ["Next row", () => step(1)], k: ["Previous row", () => step(-1)], ArrowDown: ["", () => step(1)], ArrowUp: ["", () => step(-1)],
  Enter: ["Open the cell", () => { if (!focused || !body.contains(document.activeElement)) return false; open(focused, column); }],
  Escape: ["Close", () => { closeMenu(); if (panel.isOpen) panel.close(); }],
  c: ["Add a column", addColumn], r: ["Run the column used last", () => { const one = columns.find((c) => c.id === column && !c.is_input) || columns.findLast((c) => c.kind === "agent"); if (one) offer(one, "first"); }],
  e: ["Export", () => { $("#export").open = !$("#export").open; $("#export a").focus(); }],
});
draw();
head();
