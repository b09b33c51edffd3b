// New search: the criteria are suggested while one types, and everything can be changed before the start.
import { $, $$, ask, failed, h, number, read } from "./dom.js";
import "./keys.js";

const data = read(), query = $("#query"), list = $("#criteria"), start = $("#start");
let isEdited = data.criteria.length > 0, asked = "", waiting = 0, isStarting = false;

function card(criterion) {
  const made = h("div", { class: "card criterion", "data-testid": "criterion" },
    h("input", { class: "name", value: criterion.name, maxlength: "100", "aria-label": "Name of the criterion", required: true }),
    h("span", { class: "line" },
      h("button", { type: "button", class: "quiet", "aria-label": "Duplicate", title: "Duplicate", onclick: () => { const copy = card({ ...values(made), key: "" }); made.after(copy); changed(); } }, "Copy"),
      h("button", { type: "button", class: "quiet", "aria-label": "Remove", title: "Remove", onclick: () => { made.remove(); changed(); $("#add").focus(); } }, "✕")),
    h("textarea", { rows: "1", maxlength: "500", "aria-label": "What is graded", placeholder: "A statement that is true of a company you want", oninput: changed }));
  made.dataset.key = criterion.key || "";
  $("textarea", made).value = criterion.criterion;
  $("input", made).addEventListener("input", changed);
  return made;
}

const values = (made) => ({ key: made.dataset.key, name: $("input", made).value.trim(), criterion: $("textarea", made).value.trim() });

function changed() { isEdited = true; noted(); }

function noted() {
  const count = list.children.length;
  $("#criteria-note").textContent = count > 5 ? `${count}: about five work best` : count ? `${count} · a company qualifies with ${Math.ceil(count * 0.75)} of ${count} graded 4 or 5` : "none: they are made from the query at the start";
  start.disabled = isStarting || !query.value.trim();
  const wanted = Number($("#wanted").value) || 0;
  start.textContent = `Start ${wanted || ""}`.trim();
  $("#try").hidden = wanted <= 10 || !query.value.trim();
}

// Criteria as the API takes them: keys are made of names and differ.
function criteria() {
  const used = new Set();
  return $$(".criterion", list).map(values).filter((one) => one.criterion).map((one) => {
    const stem = one.key || one.name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 60) || "criterion";
    let key = stem;
    for (let more = 2; used.has(key); more += 1) key = `${stem}_${more}`;
    used.add(key);
    return { key, name: one.name || one.criterion.slice(0, 60), criterion: one.criterion };
  });
}

function understood(told) {
  const shown = [...told.conditions.map((text) => h("span", { class: "pill" }, text)), told.negative && h("span", { class: "pill" }, `not ${told.negative}`),
    ...told.not_understood.map((text) => h("span", { class: "pill not warn", title: "Looks like a condition, but no fact decides it; it is not checked." }, `not understood: ${text}`))].filter(Boolean);
  $("#understood").replaceChildren(h("span", { class: "muted" }, "Understood:"), ...shown);
  $("#understood").hidden = shown.length === 0;
}

async function suggest(isWanted) {
  const text = query.value.trim();
  if (text.length < 3 || (text === asked && !isWanted)) return;
  asked = text;
  try {
    const told = await ask("POST", "/ui/suggest", { query: text });
    if (query.value.trim() !== text) return;
    understood(told);
    $("#criteria-part").hidden = false;
    if (!isEdited || isWanted) { list.replaceChildren(...told.criteria.map(card)); isEdited = false; }
    noted();
  } catch (error) { failed(error); }
}

async function begin(wanted) {
  const problem = [...$$(".criterion textarea", list)].find((one) => one.value.trim() && one.value.trim().length < 10);
  if (problem) { failed(new Error("A criterion needs at least 10 characters: a whole statement.")); problem.focus(); return; }
  if (!(wanted >= 1 && wanted <= 250)) { failed(new Error("1 to 250 results can be wanted.")); $("#wanted").focus(); return; }
  isStarting = true;
  noted();
  const sources = $("#sources").value, exclude = $("#exclude").value.split(/[\s,]+/).filter(Boolean), earlier = [...$("#earlier").selectedOptions].map((one) => one.value);
  const body = { query: query.value.trim(), desired_num_results: wanted, auto_data_sources: !sources };
  if (sources) body.data_sources = [sources];
  if (criteria().length) body.criteria = criteria();
  if (exclude.length) body.exclude_domains = exclude;
  if (earlier.length) body.exclude_task_ids = earlier;
  try {
    const task = await ask("POST", "/ui/v1/discovery_tasks", body);
    location.href = `/tasks/${task.id}`;
  } catch (error) { isStarting = false; noted(); failed(error); }
}

// What earlier searches took, so that one knows before.
async function forecast() {
  const tasks = await ask("GET", "/ui/v1/discovery_tasks?limit=50").catch(() => []);
  const done = tasks.filter((task) => task.status === "done" && task.num_results > 0);
  $("#earlier").replaceChildren(...done.map((task) => h("option", { value: task.id }, `${task.query.slice(0, 60)} (${number(task.num_results)})`)));
  $("#earlier-part").hidden = done.length === 0;
  estimate();
}
async function estimate() {
  const told = await ask("GET", `/ui/forecast?wanted=${Number($("#wanted").value) || 1}`).catch(() => null);
  if (told) $("#forecast").textContent = told.sentence;
}

query.addEventListener("input", () => { noted(); clearTimeout(waiting); waiting = setTimeout(suggest, 450); });
query.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) begin(Number($("#wanted").value)); });
$("#wanted").addEventListener("input", () => { noted(); clearTimeout(waiting); waiting = setTimeout(estimate, 300); });
$("#add").addEventListener("click", () => { const made = card({ key: "", name: "", criterion: "" }); list.append(made); changed(); $("input", made).focus(); });
$("#suggest").addEventListener("click", () => suggest(true));
$("#try").addEventListener("click", () => begin(10));
$("#search").addEventListener("submit", (event) => { event.preventDefault(); begin(Number($("#wanted").value)); });

if (data.criteria.length) { list.replaceChildren(...data.criteria.map(card)); $("#criteria-part").hidden = false; }
noted();
suggest(false);
forecast();
