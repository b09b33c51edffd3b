// The list of tasks, kept fresh by one stream.
import { $, ago, ask, failed, h, money, number } from "./dom.js";
import { keys } from "./keys.js";
import { dialog, menu } from "./menus.js";
import { fold } from "./rows.js";
import { follow } from "./stream.js";

const body = $("#tasks"), known = new Map();
const GROUPS = { running: ["running", "queued", "finishing"], paused: ["paused", "stopped", "budget"] };
let first = true;

function actions(task, button) {
  const items = [["Open", () => { location.href = `/tasks/${task.id}`; }], ["Duplicate as a new search", () => { location.href = `/?from=${task.id}`; }]];
  if (task.status === "created" || task.status === "in_progress") items.push(["Pause", () => order(task, "pause")], ["Stop", () => order(task, "stop")]);
  else if (!task.is_exhausted) items.push([task.phase === "done" ? "Find 25 more" : "Resume", () => ask("POST", `/ui/v1/discovery_tasks/${task.id}/resume`, { desired_new_results: task.phase === "done" ? 25 : 0 }).catch(failed)]);
  items.push(["Delete…", async () => {
    const sure = await dialog("Delete this search?", h("p", {}, `“${task.query.slice(0, 200)}” goes, with its ${number(task.evaluated)} graded companies. What was learned of companies stays.`), [["Delete", "delete"]]);
    if (sure) ask("DELETE", `/internal/tasks/${task.id}`).catch(failed);
  }]);
  menu(button, items, "Actions");
}
const order = (task, what) => ask("POST", `/internal/tasks/${task.id}/${what}`).catch(failed);

function draw(task) {
  const tr = h("tr", { id: `task-${task.id}` },
    h("th", { scope: "row" }, h("a", { href: `/tasks/${task.id}` }, h("bdi", {}, task.query.slice(0, 200)))),
    h("td", { title: task.sentence }, h("span", { class: "state" }, h("span", { class: `dot ${task.phase}` }), task.phase[0].toUpperCase() + task.phase.slice(1))),
    h("td", { class: "r wide" }, number(task.discovered)), h("td", { class: "r wide" }, number(task.evaluated)),
    h("td", { class: "r" }, String(task.qualified), h("span", { class: "muted" }, ` / ${task.target}`)),
    h("td", { class: "r wide muted" }, task.cost && task.cost.calls ? money(task.cost) : "–"),
    h("td", { class: "wide" }, h("time", { datetime: task.created_at, title: task.created_at }, ago(task.created_at))),
    h("td", { class: "wide" }, h("button", { class: "quiet", "aria-label": `Actions for ${task.query.slice(0, 60)}`, onclick: (event) => actions(known.get(task.id), event.currentTarget) }, "⋯")));
  const before = $(`#task-${task.id}`);
  if (before) before.replaceWith(tr);
  return tr;
}

function arrange() {
  const words = fold($("#filter").value).split(/\s+/).filter(Boolean), phase = $("#phase").value;
  for (const [id, task] of known) {
    const row = $(`#task-${id}`);
    if (row) row.hidden = !(words.every((word) => fold(task.query).includes(word)) && (!phase || (GROUPS[phase] || [phase]).includes(task.phase)));
  }
  $("#none").hidden = known.size > 0;
  $("#some").hidden = known.size === 0;
}

follow(() => "/ui/tasks/events", () => 0, {
  tasks({ tasks, gone }) {
    for (const id of gone) { known.delete(id); $(`#task-${id}`)?.remove(); }
    const isFirst = first;
    first = false;
    for (const task of [...tasks].reverse()) {
      const isNew = !$(`#task-${task.id}`);
      known.set(task.id, task);
      const tr = draw(task);
      if (isNew) { body.prepend(tr); if (!isFirst) tr.classList.add("new"); }
    }
    arrange();
  },
});
for (const id of ["filter", "phase"]) { $(`#${id}`).hidden = false; $(`#${id}`).addEventListener("input", arrange); }
keys({ "/": ["Filter", () => $("#filter").focus()], n: ["New search", () => { location.href = "/"; }], Escape: ["", () => { $("#filter").value = ""; arrange(); return false; }] });
