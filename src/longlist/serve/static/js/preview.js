// A new question is tried on three rows, and kept only if one says so.
import { ask, failed, h, number } from "./dom.js";
import { dialog } from "./menus.js";

export const TRIED = 3;
let live = null;

// What is under way; `cells` are those that changed.
export function previewed(cells) { for (const cell of cells) live?.(cell); }

// `on`: name(row), draw(cell), estimate(column), change(column). Resolves to whether the column is kept.
export async function preview(column, rows, base, on) {
  const many = `${number(rows.length)} ${rows.length === 1 ? "row" : "rows"}`;
  const agreed = await dialog(`Try “${column.name}” on ${many}?`, h("p", {}, await on.estimate(column)), [[`Try ${many}`, "run"]], "run-dialog");
  let said = agreed && { action: "again" };
  while (said?.action === "again" || said?.action === "change") {
    if (said.action === "change") { const changed = await on.change(column); if (changed) column = changed; else { said = await show(column, rows, on); continue; } }
    try { await ask("POST", `${base}/run`, { mode: "all", rows, columns: [column.id] }); } catch (error) { failed(error); }
    said = await show(column, rows, on);
  }
  if (said?.action === "keep") return true;
  await ask("DELETE", `${base}/columns/${column.id}`).catch(failed);
  return false;
}

async function show(column, rows, on) {
  const answers = new Map(rows.map((row) => [row, h("dd", {})]));
  const fill = (row) => answers.get(row)?.replaceChildren(...on.draw(row, column.id));
  rows.forEach(fill);
  live = (cell) => { if (cell.column === column.id) fill(cell.row); };
  const said = await dialog(`“${column.name}” on ${number(rows.length)} rows`, [
    h("dl", { class: "facts tried", "aria-live": "polite" }, rows.flatMap((row) => [h("dt", {}, h("bdi", {}, on.name(row))), answers.get(row)])),
    h("p", { class: "small muted" }, "Cancel removes the column. Keep it to run the other rows when you want."),
  ], [["Change the question…", "change", ""], ["Keep the column", "keep"]], "preview");
  live = null;
  return said;
}
