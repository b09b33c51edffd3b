// The grid: a native table that changes only the cells that changed, and never moves rows under whoever reads.
import { $$, badge, h } from "./dom.js";
import { given } from "./rows.js";

const MOST = 500, FIRST = 40, CHUNK = 60, ON_SCREEN = 30, LEAST_ROW = 30, QUIET_MS = 1000;
export const PROFILE = [["name", "Company", ""], ["what", "What they do", ""], ["hq", "HQ", ""], ["staff", "Staff", ""], ["founded", "Founded", "num"], ["relevance", "Rel.", "num"]];

const longest = (text) => Math.max(...text.split(/[\s-]+/).map((word) => word.length));

export class Grid {
  // `on`: open(id), sort(column), menu(column, button)
  constructor(table, scroller, on) {
    this.table = table; this.scroller = scroller; this.on = on;
    this.body = table.tBodies[0];
    this.made = new Map(); this.order = []; this.focused = ""; this.column = ""; this.few = 4; this.most = ON_SCREEN; this.quiet = 0; this.isUncovering = false;
    this.body.addEventListener("click", (event) => this.clicked(event));
    scroller.addEventListener("scroll", () => { if (this.body.rows.length) this.uncoverFrom(Math.floor(scroller.scrollTop / this.body.rows[0].offsetHeight) - ON_SCREEN / 2); }, { passive: true });
    this.body.addEventListener("focusin", (event) => this.focus(event.target.closest("tr")?.dataset.id, false));
  }

  columns(criteria, hide) {
    const all = [...PROFILE, ...criteria.map((c) => [`g.${c.key}`, c.name, "num", c.criterion])];
    this.shown = all.filter(([key]) => key === "name" || !hide.includes(key));
    const wide = hide.includes("what") ? "name" : "what";
    const widths = this.shown.map(([key, label]) => key.startsWith("g.") ? `max(var(--w-g), ${Math.min(20, longest(label)) + 1}ch)` : `var(--w-${key})`);
    this.table.style.setProperty("--cols", this.shown.map(([key], place) => key === wide ? `minmax(${widths[place]}, 1fr)` : widths[place]).join(" "));
    this.table.style.setProperty("--min", `calc(${widths.join(" + ")})`);
    this.table.classList.add("live");
    this.table.tHead.rows[0].replaceChildren(...this.shown.map(([key, label, kind, text]) => h("th", { scope: "col", class: kind, "data-key": key, title: text || null },
      h("div", {}, h("a", { class: "by", href: `?sort=-${key}`, onclick: (event) => { event.preventDefault(); this.on.sort(key); } }, label),
        h("button", { "aria-label": `Column ${label}`, "aria-haspopup": "true", onclick: (event) => this.on.menu(key, event.currentTarget) }, "▾")))));
    this.blank = h("tr", { tabindex: "-1" }, this.shown.map(([key, , kind]) => key === "name" ? h("th", { scope: "row" }, h("a", { tabindex: "-1" }), h("small"))
      : h("td", { class: key === "what" ? "what" : kind || null, "data-testid": key.startsWith("g.") ? `grade-${key.slice(2)}` : null })));
    this.made.clear();
    this.body.replaceChildren();
  }

  sorted(sort) {
    const key = sort.replace(/^-/, "");
    for (const th of this.table.tHead.rows[0].cells) {
      if (th.dataset.key === key) th.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
      else th.removeAttribute("aria-sort");
    }
  }

  text(row, key) {
    if (key.startsWith("g.")) { const grade = row.grades[key.slice(2)]; return grade ? `${given(row, key.slice(2)) || "?"}${grade.by_hand ? "h" + grade.grade : ""}` : row.stage; }
    switch (key) {
      case "name": return `${row.company_name}\n${row.company_website}`;
      case "what": return row.company_description || row.reason || "";
      case "hq": return row.hq_country ? (row.hq_city ? `${row.hq_city}, ${row.hq_country}` : row.hq_country) : "";
      case "staff": return row.employee_count || "";
      case "founded": return String(row.founding_year || "");
      default: return row.relevance === null ? "" : String(row.relevance);
    }
  }

  fill(cell, row, key, text) {
    if (key === "name") {
      const [name, site] = text.split("\n");
      const [a, small] = cell.children;
      a.href = `?open=${row.id}`; a.title = a.textContent = name; small.textContent = site;
    } else if (key.startsWith("g.")) cell.replaceChildren(badge(row.grades[key.slice(2)], row.stage));
    else { cell.textContent = text; if (key === "what") cell.title = text; }
  }

  // Make or mend one row; only what differs is touched.
  draw(row, isNew, isSeen = false) {
    let made = this.made.get(row.id);
    if (made && made.row === row) return made.tr;
    if (!made) {
      const tr = this.blank.cloneNode(true);
      tr.id = tr.dataset.testid = `row-${row.id}`;
      tr.dataset.id = row.id;
      if (isNew) tr.className = isSeen && !this.isSlow ? "later new" : "later";
      made = { tr, cells: [...tr.cells], texts: [] };
      this.made.set(row.id, made);
    }
    made.row = row;
    made.tr.classList.toggle("q", row.qualified);
    this.shown.forEach(([key], place) => {
      const text = this.text(row, key);
      if (made.texts[place] !== text) { made.texts[place] = text; this.fill(made.cells[place], row, key, text); }
    });
    return made.tr;
  }

  // Show these rows in this order; long lists in pieces, so that the page stays quick.
  show(rows, isLive) {
    const wanted = rows.slice(0, MOST);
    this.order = wanted.map((row) => row.id);
    const ids = new Set(this.order);
    for (const tr of [...this.body.rows]) if (!ids.has(tr.dataset.id)) tr.remove();
    for (const id of [...this.made.keys()]) if (!ids.has(id)) this.made.delete(id);
    this.table.setAttribute("aria-rowcount", rows.length + 1);
    const token = (this.token = {});
    const place = (from, most) => {
      if (this.token !== token) return;
      const end = Math.min(wanted.length, from + most);
      let at = this.body.rows[from] || null;
      for (let number = from; number < end; number += 1) {
        const tr = this.draw(wanted[number], isLive && !this.made.has(wanted[number].id), number < ON_SCREEN);
        if (tr === at) at = at.nextElementSibling; else this.body.insertBefore(tr, at);
      }
      if (end < wanted.length) requestAnimationFrame(() => place(end, CHUNK)); else this.settle();
    };
    place(0, isLive ? MOST : FIRST);
    if (isLive) { this.most = Math.max(ON_SCREEN, Math.ceil(innerHeight / LEAST_ROW)); this.begin(2); clearTimeout(this.quiet); this.quiet = setTimeout(() => { this.most = Infinity; this.begin(0); }, QUIET_MS); } else this.uncoverFrom(0);
  }

  // Rows that come in are all there at once. Those on screen are laid out first, a few in each frame, as many as a short
  // frame allows; the others when nothing has come for a while, or when they are scrolled to.
  begin(frames) {
    if (!frames) return this.isUncovering ? undefined : this.uncover();
    return requestAnimationFrame(() => this.begin(frames - 1));
  }

  uncover() {
    const begun = performance.now(), covered = this.covered(0, this.most), { few } = this;
    this.isUncovering = covered.length > 0;
    if (!this.isUncovering) return;
    for (const tr of covered.slice(0, few)) tr.classList.remove("later");
    setTimeout(() => {
      const took = performance.now() - begun;
      this.few = took > 30 ? Math.max(1, few >> 1) : took < 15 ? Math.min(16, few * 2) : few;
      requestAnimationFrame(() => this.uncover());
    });
  }

  covered(from, most) {
    const found = [], end = Math.min(this.body.rows.length, from + most);
    for (let tr = this.body.rows[from], at = from; at < end; at += 1, tr = tr.nextElementSibling) if (tr.classList.contains("later")) found.push(tr);
    return found;
  }

  uncoverFrom(row) { for (const tr of this.covered(Math.max(0, row), 2 * ON_SCREEN)) tr.classList.remove("later"); }

  // Mend rows that are on screen where they are; rows that are not stay out.
  mend(rows) { for (const row of rows) if (this.made.has(row.id)) this.draw(row, false); }

  has(id) { return this.made.has(id); }

  settle() {
    if (!this.made.has(this.focused)) this.focused = this.order[0] || "";
    for (const tr of $$("tr[tabindex='0']", this.body)) if (tr.dataset.id !== this.focused) tr.tabIndex = -1;
    const tr = this.made.get(this.focused)?.tr;
    if (tr) tr.tabIndex = 0;
  }

  select(id) {
    for (const tr of $$("tr[aria-selected]", this.body)) tr.removeAttribute("aria-selected");
    this.made.get(id)?.tr.setAttribute("aria-selected", "true");
  }

  focus(id, isMoved = true) {
    if (!id || !this.made.has(id)) return;
    this.focused = id;
    this.settle();
    if (isMoved) { const { tr } = this.made.get(id); tr.focus({ preventScroll: true }); this.reveal(tr); }
  }

  reveal(tr) {
    const top = tr.offsetTop - 50, bottom = tr.offsetTop + tr.offsetHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (bottom > this.scroller.scrollTop + this.scroller.clientHeight) this.scroller.scrollTop = bottom - this.scroller.clientHeight;
  }

  step(by, from) {
    const at = this.order.indexOf(from || this.focused);
    const next = this.order[Math.min(this.order.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    return next || "";
  }

  get isInUse() { return this.body.contains(document.activeElement) || this.scroller.scrollTop > 4; }

  clicked(event) {
    const tr = event.target.closest("tr"), a = event.target.closest("a");
    if (!tr || (a && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
    if (a) event.preventDefault();
    if (String(getSelection())) return;
    this.focused = tr.dataset.id;
    const cell = event.target.closest("td,th");
    this.column = cell ? this.shown[cell.cellIndex][0] : "";
    this.settle();
    this.on.open(tr.dataset.id);
  }
}
