// The panel of a cell: its answer, why, and where that is said.
import { ask, day, failed, h, link } from "./dom.js";

const text = (value) => value === null || value === undefined ? "" : typeof value === "string" ? value : Array.isArray(value) ? value.map(text).join(", ") : typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);

export class CellPanel {
  // `on`: retry(row, column), close(), step(by)
  constructor(node, base, on) { this.node = node; this.base = base; this.on = on; this.row = ""; this.asked = 0; }

  get isOpen() { return this.node.open; }

  async open(row, column, columns) {
    this.row = row; this.column = column; this.columns = columns;
    if (!this.node.open) this.node.show();
    const asked = (this.asked += 1);
    try {
      const told = await ask("GET", `${this.base}/rows/${row}`);
      if (asked === this.asked) this.draw(told);
    } catch (error) { if (asked === this.asked) { failed(error); this.close(); } }
  }

  close() { this.asked += 1; this.row = ""; this.node.close(); this.node.replaceChildren(); this.on.close(); }

  changed(cells) { if (this.isOpen && cells.some((cell) => cell.row === this.row)) this.open(this.row, this.column, this.columns); }

  draw(row) {
    const cell = row.data[this.column.key] || {}, name = text(row.data.company_name?.value?.answer) || text(row.data.input?.value) || "Row";
    const button = (label, named, act) => h("button", { class: "quiet", "aria-label": named, title: named, onclick: act }, label);
    const value = cell.value && typeof cell.value === "object" && "answer" in cell.value ? cell.value : { answer: cell.value, explanation: "", sources: [], evidence: [] };
    const quoted = new Set(value.evidence.map((proof) => proof.url));
    const context = Object.entries(value.context || {}).filter(([, said]) => said !== null && said !== "" && !(Array.isArray(said) && !said.length));
    this.node.replaceChildren(
      h("div", { class: "panel-head" }, h("div", { class: "line" }, h("h2", { class: "space" }, h("bdi", {}, name.slice(0, 300))), button("‹", "Previous row (k)", () => this.on.step(-1)), button("›", "Next row (j)", () => this.on.step(1)), button("✕", "Close (Esc)", () => this.close())),
        h("p", { class: "small muted" }, this.column.name)),
      h("div", { class: "panel-body" }, [
        cell.status === "failed" && h("p", { class: "bad" }, cell.error || "It failed."),
        ["requested", "in_progress"].includes(cell.status) && h("p", { class: "muted" }, cell.status === "requested" ? "Waiting." : "Running."),
        !cell.status && !this.column.is_input && h("p", { class: "muted" }, "Nobody has asked for this cell yet."),
        value.answer !== null && value.answer !== undefined && h("p", { class: "lead" }, text(value.answer)),
        value.explanation && h("div", {}, h("h3", {}, "Why"), h("p", {}, value.explanation)),
        value.evidence.map((proof) => h("blockquote", {}, h("p", {}, proof.quote), h("footer", {}, proof.url ? link(proof.url, `${proof.url.slice(0, 120)} ↗`) : proof.record, ` · read ${day(proof.read_at)}`))),
        value.sources.filter((source) => !quoted.has(source)).map((source) => h("p", { class: "small" }, link(source, `${source.slice(0, 160)} ↗`))),
        context.length > 0 && h("dl", { class: "facts" }, context.flatMap(([key, said]) => [h("dt", {}, key.replaceAll("_", " ")), h("dd", {}, text(said).slice(0, 1500))])),
        this.column.prompt && h("details", {}, h("summary", { class: "small muted" }, "The question"), h("p", { class: "small" }, this.column.prompt)),
        !this.column.is_input && h("div", { class: "line" }, h("button", { onclick: () => this.on.retry(this.row, this.column.id) }, cell.status === "failed" ? "Try again" : "Run this cell")),
      ].flat().filter(Boolean)));
  }
}
