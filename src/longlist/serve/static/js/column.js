// The form of a column: a question, the form of the answer, who answers. Making one runs nothing.
import { failed, h } from "./dom.js";
import { dialog } from "./menus.js";

const FORMATS = [["text", "Text"], ["numeric", "Number"], ["money", "Money"], ["date", "Date"], ["select", "One of…"], ["multiselect", "Some of…"], ["url", "Address"], ["email", "E-mail"], ["phone", "Telephone"], ["grade", "Grade 1–5"], ["json", "JSON"]];
const LLM = ["llm", "From the other columns alone"], MORE = ["research_reasoning", "Research, with more thought"];
const ROLES = "company_people_finder";
const AGENTS = {
  company: [["research_pro", "Research: the company's pages and the web"], MORE, LLM, [ROLES, "People in these roles, named on its pages"]],
  people: [["linkedin", "The person's profile, from a provider"], MORE, LLM, ["email_finder", "The person's e-mail address, from a provider"], ["phone_finder", "The person's telephone number, from a provider"]],
  generic: [["research_pro", "Research: the company's pages and the web"], MORE, LLM],
};

// `save` is given the config; resolves to {action, answer} once it was taken, null when the form was left.
export async function columnForm(before, columns, save, kind = "company") {
  const field = (label, control) => h("label", { class: "stack small muted" }, label, control);
  const choose = (name, options, chosen) => h("select", { name }, options.map(([value, label]) => h("option", { value, selected: value === chosen }, label)));
  const agents = before ? AGENTS[kind].filter(([value]) => value !== ROLES && !value.endsWith("_finder")) : AGENTS[kind];
  let now = before || { name: "", prompt: "", format: "text", agent: agents[0][0], labels: [], schema: null, needs: [] };
  for (;;) {
    const keys = columns.filter((one) => one.id !== before?.id).map((one) => `{${one.key}}`).join(" ");
    const labels = field("Choices, one a line", h("textarea", { name: "labels", rows: "3" }, now.labels.join("\n")));
    const schema = field("JSON Schema with an object at its root", h("textarea", { name: "schema", rows: "4" }, now.schema ? JSON.stringify(now.schema, null, 1) : ""));
    const format = choose("format", FORMATS, now.format);
    const fit = () => { labels.hidden = !["select", "multiselect"].includes(format.value); schema.hidden = format.value !== "json"; };
    format.addEventListener("change", fit);
    fit();
    const said = await dialog(before ? "Edit the column" : "New column", [
      field("Name", h("input", { name: "name", required: true, maxlength: "300", value: now.name, placeholder: "Funding" })),
      field(`Question about each row. Other columns: ${keys.slice(0, 300)}`, h("textarea", { name: "prompt", rows: "3", maxlength: "20000", placeholder: "What was the last funding round of {company_name}, and when?" }, now.prompt)),
      h("div", { class: "fields" }, field("Answer", format), field("Who answers", choose("agent", agents, now.agent))), labels, schema,
      !before && h("p", { class: "small muted" }, `Without a question it is a column to write in.${kind === "company" ? " For people, the question is their roles: CEO, Head of Sales." : ""} Making a column runs nothing.`),
    ].filter(Boolean), before ? [["Save", "save"]] : [["Try it on 3 rows…", "try", ""], ["Add column", "save"]]);
    if (!said) return null;
    now = { ...now, name: said.name.trim(), prompt: said.prompt.trim(), format: said.format, agent: said.agent, labels: said.labels.split("\n").map((one) => one.trim()).filter(Boolean) };
    try {
      if (said.format === "json") now.schema = JSON.parse(said.schema || "{}");
      return { action: said.action, answer: await save(config(now, before, columns)) };
    } catch (error) { failed(error instanceof SyntaxError ? new Error("The schema is no JSON.") : error); }
  }
}

function config(now, before, columns) {
  const used = new Set(columns.map((one) => one.key));
  const stem = now.name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "").slice(0, 60) || "column";
  let key = before?.key || stem;
  for (let more = 2; !before && used.has(key); more += 1) key = `${stem}_${more}`;
  if (now.agent === "email_finder" || now.agent === "phone_finder") return { kind: now.agent, key, name: now.name };
  if (!now.prompt) return { kind: "input", key, name: now.name };
  if (now.agent === ROLES) return { kind: ROLES, key, name: now.name, value: { roles: now.prompt.split(/[,;\n]+/).map((role) => role.trim()).filter(Boolean) } };
  const value = { agent_type: now.agent, prompt: now.prompt, output_format: now.format };
  if (["select", "multiselect"].includes(now.format)) value.labels = now.labels;
  if (now.format === "json") value.output_schema = now.schema;
  if (now.needs.length) value.extra_dependencies = now.needs;
  return { kind: "agent", key, name: now.name, value };
}
