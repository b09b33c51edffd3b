// A new question is tried on three rows, and its column kept only if one says so.
import { $, ask, failed, h, number } from "./dom.js";
import { dialog } from "./menus.js";

export const TRIED = 3;
let live = null;

// What is under way; `cells` are those that changed, null when none waits or runs any more.
export function previewed(cells) { live?.(cells); }

// `on`: name(row), draw(row, column), isBusy(row, column), estimate(column), change(column). Resolves to whether the column is kept.
export async function preview(column, rows, base, on) {
  let said = null;
  try {
    const many = `${number(rows.length)} ${rows.length === 1 ? "row" : "rows"}`;
    const agreed = await dialog(`Try “${column.name}” on ${many}?`, h("p", {}, await on.estimate(column)), [[`Try ${many}`, "run"]], "run-dialog");
    if (agreed) said = await tried(column, rows, base, on);
    while (said?.action === "change") {
      const changed = await on.change(column);
      if (changed) column = changed;
      said = await tried(column, rows, changed && base, on);
    }
  } catch (error) { failed(error); }
  if (said?.action === "keep") return true;
  await ask("DELETE", `${base}/columns/${column.id}`);
  return false;
}

// Runs the cells where `base` is given, and shows what they come to.
async function tried(column, rows, base, on) {
  const answers = new Map(rows.map((row) => [row, h("dd", {})])), awaited = new Set(base ? rows : []);
  const isBusy = (row) => awaited.has(row) || on.isBusy(row, column.id);
  const fill = (row) => {
    answers.get(row).replaceChildren(...awaited.has(row) ? [h("span", { class: "muted" }, "◌ waiting")] : on.draw(row, column.id));
    const change = $("dialog[data-testid=preview] button[value=change]");
    if (change) change.disabled = rows.some(isBusy); // what runs still answers the question as it was
  };
  rows.forEach(fill);
  const asked = base && ask("POST", `${base}/run`, { mode: "all", rows, columns: [column.id] });
  live = (cells) => {
    if (cells) for (const cell of cells) if (cell.column === column.id) awaited.delete(cell.row);
    if (!cells) awaited.clear();
    rows.forEach(fill);
  };
  try {
    await asked;
    const shown = dialog(`“${column.name}” on ${number(rows.length)} ${rows.length === 1 ? "row" : "rows"}`, [
      h("dl", { class: "facts tried", "aria-live": "polite" }, rows.flatMap((row) => [h("dt", {}, h("bdi", {}, on.name(row))), answers.get(row)])),
      h("p", { class: "small muted" }, "Cancel removes the column. Keep it to run the other rows when you want."),
    ], [column.kind === "agent" && ["Change the question…", "change", ""], ["Keep the column", "keep"]].filter(Boolean), "preview");
    rows.forEach(fill);
    return await shown;
  } finally { live = null; }
}
