// The head of a search: state, counters, cost, sources, criteria with their spread, what can be done, and the log.
import { $, h, lasted, money, number, setText } from "./dom.js";

const PHASES = ["running", "finishing", "queued"];

export class Head {
  // `on`: order(what), resume(more), rows
  constructor(on) { this.on = on; this.drawn = {}; this.quiet = 0; }

  once(name, value, draw) {
    const said = JSON.stringify(value);
    if (this.drawn[name] !== said) { this.drawn[name] = said; draw(); }
  }

  draw(task, at) {
    const isLive = PHASES.includes(task.phase);
    $("#dot").className = `dot ${task.phase}`;
    setText($("#state"), task.sentence);
    for (const name of ["discovered", "enriched", "evaluated"]) setText($(`#n-${name}`), number(task[name]));
    setText($("#n-qualified"), number(task.qualified));
    setText($("#of"), `${task.qualified} of ${task.target}`);
    $("#bar").max = task.target; $("#bar").value = task.qualified;
    setText($("#cost"), money(task.cost));
    this.tick(task);
    this.once("orders", [task.phase, task.target, task.is_exhausted], () => $("#orders").replaceChildren(...this.orders(task, isLive)));
    this.once("sources", task.sources, () => $("#sources").replaceChildren(...this.sources(task.sources)));
    this.chips(task);
    this.hint(task, at);
  }

  orders(task, isLive) {
    const button = (text, act, kind) => h("button", { class: kind, onclick: act }, text);
    if (isLive) return [button("Pause", () => this.on.order("pause")), button("Stop", () => this.on.order("stop"))];
    const again = h("a", { class: "button", href: `/?from=${task.id}` }, "Duplicate");
    if (task.phase === "done") return [task.target < 250 && button("Find 25 more", () => this.on.resume(25), "first"), again].filter(Boolean);
    if (task.is_exhausted) return [again];
    const copy = task.phase === "failed" && button("Copy details", () => navigator.clipboard?.writeText(`${task.id}\n${task.failure_reason}`));
    return [button(task.phase === "exhausted" ? "Look further" : "Resume", () => this.on.resume(task.phase === "exhausted" ? 25 : 0), "first"), copy, again].filter(Boolean);
  }

  // Those that gave something or are in trouble in a line; those that were not asked, and why, behind a fold.
  sources(all) {
    const isIdle = (s) => !s.found && s.reason && s.state !== "unavailable", idle = all.filter(isIdle);
    return [...all.filter((s) => !isIdle(s)).map((s) => h("span", { class: s.state === "unavailable" ? "warn" : null }, `${s.name} ${number(s.found)}`, s.state === "unavailable" ? " ⚠" : "", s.reason ? `: ${s.reason}` : "")),
      idle.length > 0 && h("details", {}, h("summary", {}, `not asked: ${idle.map((s) => s.name).join(", ")}`), h("ul", {}, idle.map((s) => h("li", {}, `${s.name}: ${s.reason}`))))].filter(Boolean);
  }

  // The five bars of a criterion; those without evidence are no bar, and no failure.
  chips(task) {
    this.once("criteria", task.criteria, () => $("#chips").replaceChildren(...task.criteria.map((c) => h("li", { class: "chip" }, h("bdi", { class: "cut" }, c.name),
      h("svg", { class: "bars", viewBox: "0 0 30 14", "aria-hidden": "true" }, [0, 6, 12, 18, 24].map((x) => h("rect", { x, y: 13, width: 5, height: 1 }))), h("span", { class: "muted" })))));
    task.criteria.forEach((c, place) => {
      const { bars, silent } = this.on.rows.spread(c.key);
      this.once(`chip ${place}`, [c, bars, silent], () => {
        const chip = $("#chips").children[place], most = Math.max(...bars, 1), all = bars.reduce((sum, one) => sum + one, 0);
        chip.title = `${c.criterion}\n1 to 5: ${bars.join(", ")}; no evidence: ${silent}`;
        chip.dataset.bars = bars.join(",");
        bars.forEach((one, number) => {
          const tall = Math.max(1, Math.round((one / most) * 14)), bar = chip.children[1].children[number];
          if (bar.getAttribute("height") !== String(tall)) { bar.setAttribute("y", 14 - tall); bar.setAttribute("height", tall); }
        });
        setText(chip.lastChild, all ? `${Math.round(((bars[3] + bars[4]) / all) * 100)}%${silent ? ` of ${number(all)}` : ""} ≥4` : "");
      });
    });
  }

  hint(task, at) {
    const wants = ["exhausted", "failed", "budget"].includes(task.phase) || (task.evaluated > 0 && task.qualified === 0 && task.phase !== "running");
    const worst = task.criteria.map((c) => ({ name: c.name, ...this.on.rows.spread(c.key) })).map((one) => ({ ...one, passed: one.bars[3] + one.bars[4] })).sort((a, b) => a.passed - b.passed)[0];
    const text = !wants || !worst || !at.counts.all ? "" : `“${worst.name}” removed most: ${number(worst.passed)} of ${number(at.counts.all)} pass${worst.silent ? `, and nothing known speaks of it for ${number(worst.silent)}` : ""}. Loosen it in a duplicate, or look at the near misses.`;
    $("#hint").hidden = !text;
    if (text) setText($("#hint"), text);
  }

  elapsed(task) {
    if (!task.started_at) return `${lasted((Date.now() - new Date(task.created_at)) / 1000)} since it was asked for`;
    return `${lasted(((task.ended_at ? new Date(task.ended_at) : Date.now()) - new Date(task.started_at)) / 1000)} elapsed`;
  }

  tick(task) {
    const isLive = PHASES.includes(task.phase);
    setText($("#elapsed"), task.started_at && (isLive || task.ended_at) ? `${isLive ? "" : "took "}${this.elapsed(task).replace(" elapsed", "")}` : "");
    const waiting = $("#waiting");
    if (waiting) setText(waiting, this.elapsed(task));
  }

  // What is happening now, for a page that has no rows yet.
  doing(task) {
    if (task.phase === "queued") return task.sentence;
    if (!task.criteria.length) return "Reading the query…";
    if (!task.discovered) return "Asking the sources…";
    return task.enriched ? `Grading ${number(task.enriched - task.evaluated)} companies…` : `Reading about ${number(task.discovered)} companies…`;
  }

  // The activity log: what changed from one state to the next, in words.
  note(before, now) {
    const lines = [];
    if (before.phase !== now.phase) lines.push(now.sentence);
    if (!before.criteria.length && now.criteria.length) lines.push(`Grading on ${now.criteria.length} criteria: ${now.criteria.map((c) => c.name).join(", ")}.`);
    for (const source of now.sources) {
      const earlier = before.sources.find((one) => one.name === source.name);
      if (source.found > (earlier?.found || 0)) lines.push(`${source.name}: ${number(source.found)} companies found.`);
      if (source.reason && source.reason !== earlier?.reason) lines.push(`${source.name}: ${source.reason}`);
    }
    if (now.evaluated > before.evaluated) lines.push(`${number(now.evaluated)} graded, ${number(now.qualified)} qualify.`);
    if (!lines.length) return;
    const list = $("#log ol"), time = new Date().toTimeString().slice(0, 8);
    $("#log").hidden = false;
    list.prepend(...lines.map((line) => h("li", {}, `${time}  ${line}`)));
    while (list.children.length > 200) list.lastChild.remove();
  }
}
