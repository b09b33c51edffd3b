// Importing a file: what its columns become is shown before anything is kept.
import { failed, h, number, toast } from "./dom.js";
import { dialog } from "./menus.js";

async function send(path, file) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(Array.isArray(told.detail) ? told.detail.map((one) => one.msg).join(" ") : told.detail || "The file could not be read.");
  return told;
}

// `tableId` null makes a new table.
export async function importFile(tableId) {
  const picked = await dialog("Import a file", [
    h("p", { class: "muted" }, "CSV, Excel, JSON or JSON lines, or a plain list of domains."),
    h("input", { type: "file", name: "file", id: "import-file", required: true, "aria-label": "File", accept: ".csv,.tsv,.txt,.xlsx,.json,.jsonl,.ndjson" }),
  ], [["Look at it", "look"]]);
  const file = picked && picked.file;
  if (!file) return;
  const where = `/ui/tables/import?name=${encodeURIComponent(file.name)}${tableId ? `&table=${tableId}` : ""}`;
  try {
    const seen = await send(`${where}&step=look`, file);
    const own = (column) => column.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 60) || "column";
    const choose = (column) => {
      const chosen = seen.mapping[column], options = [["ignore", "left out"], ...seen.keys];
      if (!options.some(([key]) => key === chosen)) options.push([chosen, "a column of its own"]); else options.push([own(column), "a column of its own"]);
      return h("select", { name: `map-${column}`, "aria-label": `Becomes: ${column}` }, options.map(([key, label]) => h("option", { value: key, selected: key === chosen }, label)));
    };
    const agreed = await dialog(`${file.name}: what its columns become`, [
      h("div", { class: "scroll-x" }, h("table", { class: "list" },
        h("thead", {}, h("tr", {}, h("th", {}, "Column"), h("th", {}, "Becomes"), h("th", {}, "First values"))),
        h("tbody", {}, seen.columns.map((column) => h("tr", {}, h("th", { scope: "row" }, column), h("td", {}, choose(column)), h("td", { class: "muted" }, seen.values[column] || "")))))),
    ], [["Import", "import"]]);
    if (!agreed) return;
    const mapping = Object.fromEntries(seen.columns.map((column) => [column, agreed[`map-${column}`]]));
    const done = await send(`${where}&step=import&mapping=${encodeURIComponent(JSON.stringify(mapping))}`, file);
    toast(`${number(done.added)} rows imported${done.skipped ? `, ${number(done.skipped)} left out` : ""}.`);
    if (done.reasons.length) toast(done.reasons.slice(0, 3).join("; "));
    if (!tableId) setTimeout(() => { location.href = `/tables/${done.table_id}`; }, 900);
  } catch (error) { failed(error); }
}
