// All tables: make one, or import a file.
import { $, ask, failed, h } from "./dom.js";
import { importFile } from "./importing.js";
import { keys } from "./keys.js";
import { dialog } from "./menus.js";

async function made() {
  const said = await dialog("New table", [
    h("label", { class: "stack small muted" }, "Name", h("input", { name: "name", required: true, maxlength: "300", placeholder: "Forwarder SaaS" })),
    h("label", { class: "stack small muted" }, "Companies, one website or name a line (you can add them later)", h("textarea", { name: "companies", rows: "5", placeholder: "acme.io\nbolt.co" })),
  ], [["Make the table", "make"]]);
  if (!said) return;
  try {
    const table = await ask("POST", "/ui/v1/tables", { name: said.name, kind: "company" });
    const rows = said.companies.split("\n").map((line) => line.trim()).filter(Boolean).map((input) => ({ data: { input } }));
    for (let from = 0; from < rows.length; from += 500) await ask("POST", `/ui/v1/tables/${table.id}/rows`, { rows: rows.slice(from, from + 500) });
    location.href = `/tables/${table.id}`;
  } catch (error) { failed(error); }
}

for (const [id, act] of [["new", made], ["import", () => importFile(null)]]) { $(`#${id}`).hidden = false; $(`#${id}`).addEventListener("click", act); }
keys({ "/": ["Find tables", () => $("#filter").focus()], n: ["New table", made] });
