// The company panel: grades with their reasons and quotations, corrections by hand, and how the company was found.
import { $, WORDS, ask, badge, day, failed, h, link, toast } from "./dom.js";
import { dialog } from "./menus.js";

export class Panel {
  // `on`: close(), step(by), changed(company), toTable(id, name)
  constructor(node, base, on) { this.node = node; this.base = base; this.on = on; this.id = ""; this.asked = 0; }

  get isOpen() { return this.node.open; }

  async open(id) {
    this.id = id;
    if (!this.node.open) this.node.show();
    const asked = (this.asked += 1);
    try {
      const company = await ask("GET", `${this.base}/results/${id}`);
      if (asked === this.asked) this.draw(company);
    } catch (error) { if (asked === this.asked) { failed(error); this.close(); } }
  }

  close() { this.asked += 1; this.id = ""; if (this.node.open) this.node.close(); this.node.replaceChildren(); this.on.close(); }

  draw(c) {
    this.company = c;
    const button = (text, label, act) => h("button", { class: "quiet", "aria-label": label, title: label, onclick: act }, text);
    const isAside = Boolean(c.verdict);
    this.node.setAttribute("aria-label", c.company_name.slice(0, 80));
    this.node.replaceChildren(
      h("div", { class: "panel-head" },
        h("div", { class: "line" }, h("h2", { class: "space" }, h("bdi", {}, c.company_name.slice(0, 400))),
          button("‹", "Previous company (k)", () => this.on.step(-1)), button("›", "Next company (j)", () => this.on.step(1)), button("✕", "Close (Esc)", () => this.close())),
        h("p", { class: "small muted" }, c.link ? link(c.link, `${c.company_website} ↗`) : "No website of its own")),
      h("div", { class: "panel-body" },
        h("p", {}, h("b", {}, isAside ? "Set aside" : c.qualified ? "Qualified" : c.stage === "evaluated" ? "Not qualified" : c.stage === "failed" ? "Failed" : "Not graded yet"),
          this.passing(c), c.relevance === null ? "" : ` · relevance ${c.relevance}`, c.reason ? ` · ${c.reason}` : ""),
        c.facts.length > 0 && h("p", { class: "muted" }, c.facts.join(" · ")),
        c.description && h("p", { class: "lead" }, c.description),
        c.full_description && h("details", {}, h("summary", { class: "small muted" }, "More about it"), h("p", {}, c.full_description)),
        c.grades.map((grade) => this.grade(grade)),
        h("section", { class: "path stack" }, h("h3", {}, "How it was found"),
          h("ol", {}, c.found.map((step) => h("li", {}, step)), c.found_link && h("li", {}, link(c.found_link, `${c.found_link.slice(0, 200)} ↗`))),
          c.pages.length > 0 && h("details", {}, h("summary", { class: "small muted" }, `${c.pages.length} ${c.pages.length === 1 ? "text" : "texts"} read`),
            h("ul", { class: "small" }, c.pages.map((page) => h("li", {}, link(page.link, page.where.slice(0, 200)), ` · ${day(page.read_at)} · ${page.size.toLocaleString("en")} characters`))))),
        h("div", { class: "line" },
          isAside ? h("button", { onclick: () => this.verdict(null) }, "Take it back")
            : [h("button", { onclick: () => this.verdict("excluded") }, "Exclude"), h("button", { onclick: () => this.verdict("wrong") }, "Wrong company")],
          !isAside && h("button", { onclick: () => this.on.toTable(this.id, c.company_name) }, "Add to table"),
          h("button", { onclick: () => this.copy() }, "Copy link"))));
  }

  passing(c) {
    const passed = c.grades.filter((grade) => (grade.by_hand ? grade.by_hand.grade : grade.grade || 0) >= 4).length;
    return c.grades.length ? ` · ${passed} of ${c.grades.length} criteria` : "";
  }

  grade(g) {
    const hand = g.by_hand;
    const correct = h("div", { class: "correct" });
    const closed = () => correct.replaceChildren(...[hand && h("span", {}, "By hand: ", badge({ grade: g.grade, by_hand: hand.grade }), ` ${WORDS[hand.grade] || ""}`, hand.note ? ` ${hand.note}` : ""),
      h("button", { class: "quiet small", onclick: opened }, hand ? "Change" : "Correct"), hand && h("button", { class: "quiet small", onclick: () => this.correct(g.key, null, "") }, "Take back")].filter(Boolean));
    const opened = () => {
      const note = h("input", { placeholder: "Why (kept, exported)", maxlength: "500", "aria-label": "Why", value: hand?.note || "" });
      correct.replaceChildren(h("span", { class: "muted" }, "Your grade"), ...[1, 2, 3, 4, 5].map((one) => h("button", { class: `g${one}`, title: WORDS[one], "aria-label": `${one} ${WORDS[one]}`, onclick: () => this.correct(g.key, one, note.value) }, String(one))), note,
        h("button", { class: "quiet small", onclick: closed }, "Cancel"));
      $("button", correct).focus();
    };
    closed();
    return h("section", { class: "judged" }, badge({ grade: g.grade, by_hand: null }), h("h3", { title: g.criterion }, g.name, h("span", { class: "muted small" }, `  ${WORDS[g.grade] || "No evidence"}`)),
      h("p", {}, g.explanation),
      g.evidence.map((proof) => h("blockquote", {}, h("p", {}, proof.quote), h("footer", {}, proof.link ? link(proof.link, `${proof.where.slice(0, 120)} ↗`) : proof.where, ` · read ${day(proof.read_at)}`))),
      correct);
  }

  async correct(key, grade, note) { await this.put("grade", { criterion: key, grade, note }); }

  async verdict(verdict) {
    const { id } = this;
    await this.put("verdict", { verdict });
    if (verdict) toast(verdict === "wrong" ? "Marked as a wrong company." : "Set aside.", "Undo", () => ask("PUT", `${this.base}/results/${id}/verdict`, { verdict: null }).then((company) => this.took(company)).catch(failed));
  }

  async put(what, body) {
    try { this.took(await ask("PUT", `${this.base}/results/${this.id}/${what}`, body)); } catch (error) { failed(error); }
  }

  took(company) { if (company.id === this.id) this.draw(company); this.on.changed(company); }

  async copy() {
    try { await navigator.clipboard.writeText(location.href); toast("Copied the link."); } catch {
      await dialog("Link to this company", h("input", { value: location.href, readonly: true, "aria-label": "Link" }), []);
    }
  }
}
