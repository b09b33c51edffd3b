// What part of the rows is shown, in what order. The same rules as serve/web/views.py, which files and scriptless pages follow.

export const SHOWS = ["all", "qualified", "near", "pending", "failed", "aside"];
export const STAFF = ["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"];
const FIELDS = { name: "company_name", what: "company_description", hq: "hq_country", staff: "employee_count", founded: "founding_year", source: "source", relevance: "rank" };

export const fold = (text) => text.replace(/[’‘]/g, "'").normalize("NFKD").replace(/[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g, "").toLowerCase();

export function viewOf(search) {
  const given = new URLSearchParams(search);
  const sort = given.get("sort") || "-relevance", column = sort.replace(/^-/, "");
  const least = {};
  for (const [key, value] of given) if (key.startsWith("g.") && /^[1-5]$/.test(value)) least[key.slice(2)] = Number(value);
  return {
    show: SHOWS.includes(given.get("show")) ? given.get("show") : "all",
    sort: column in FIELDS || column.startsWith("g.") ? sort : "-relevance",
    least, q: (given.get("q") || "").slice(0, 200), hide: (given.get("hide") || "").split(",").filter(Boolean),
    open: given.get("open") || "", view: given.get("view") || "",
  };
}

export function addressOf(view, withOpen = true) {
  const said = new URLSearchParams();
  if (view.show !== "all") said.set("show", view.show);
  if (view.sort !== "-relevance") said.set("sort", view.sort);
  for (const [key, least] of Object.entries(view.least)) said.set(`g.${key}`, least);
  if (view.q) said.set("q", view.q);
  if (view.hide.length) said.set("hide", view.hide.join(","));
  if (withOpen && view.view) said.set("view", view.view);
  if (withOpen && view.open) said.set("open", view.open);
  return said.toString();
}

export const given = (row, key) => { const grade = row.grades[key]; return grade ? grade.by_hand ?? grade.grade : null; };
export const passed = (row) => Object.keys(row.grades).filter((key) => (given(row, key) || 0) >= 4).length;

const SAID = new WeakMap();
function said(row) {
  if (!SAID.has(row)) SAID.set(row, fold([row.company_name, row.company_website, row.company_description, row.hq_country, row.hq_city].map((part) => part || "").join(" ")));
  return SAID.get(row);
}

function value(row, column) {
  if (column.startsWith("g.")) return given(row, column.slice(2));
  const found = row[FIELDS[column]];
  if (found === null || found === undefined || found === "") return null;
  if (column === "staff") return STAFF.indexOf(found);
  return typeof found === "string" ? fold(found) : found;
}

export class Rows {
  constructor(rows) { this.byId = new Map(rows.map((row) => [row.id, row])); this.needed = 1; this.target = 0; }

  put(rows) { for (const row of rows) this.byId.set(row.id, row); }
  drop(ids) { for (const id of ids) this.byId.delete(id); }
  get(id) { return this.byId.get(id); }
  get size() { return this.byId.size; }

  ranked() {
    return [...this.byId.values()].sort((a, b) => (b.rank || 0) - (a.rank || 0) || (a.at < b.at ? -1 : a.at > b.at ? 1 : a.id < b.id ? -1 : 1));
  }

  stands(row, show, results) {
    switch (show) {
      case "qualified": return results.has(row.id);
      case "near": return row.stage === "evaluated" && !row.qualified && passed(row) === this.needed - 1;
      case "pending": return row.stage === "enriched";
      case "failed": return row.stage === "failed";
      case "aside": return Boolean(row.verdict);
      default: return row.stage === "evaluated";
    }
  }

  // Everything a page shows at one moment: the rows of the view in order, and how many each part has.
  at(view) {
    const ranked = this.ranked();
    const results = new Set(ranked.filter((row) => row.qualified).slice(0, this.target).map((row) => row.id));
    const counts = {};
    for (const show of SHOWS) counts[show] = 0;
    for (const row of ranked) for (const show of SHOWS) if (this.stands(row, show, results)) counts[show] += 1;
    const words = fold(view.q).split(/\s+/).filter(Boolean);
    const least = Object.entries(view.least);
    const kept = ranked.filter((row) => this.stands(row, view.show, results)
      && least.every(([key, at]) => (given(row, key) || 0) >= at) && words.every((word) => said(row).includes(word)));
    return { shown: this.ordered(kept, view.sort), counts, results };
  }

  ordered(rows, sort) {
    const column = sort.replace(/^-/, ""), way = sort.startsWith("-") ? -1 : 1;
    const valued = rows.map((row) => [row, value(row, column)]);
    const some = valued.filter((one) => one[1] !== null).sort((a, b) => (a[1] < b[1] ? -way : a[1] > b[1] ? way : 0));
    return [...some, ...valued.filter((one) => one[1] === null)].map((one) => one[0]);
  }

  // How the grades of a criterion are spread, 1 to 5; no evidence is none of them.
  spread(key) {
    const bars = [0, 0, 0, 0, 0];
    let silent = 0;
    for (const row of this.byId.values()) {
      if (row.stage !== "evaluated") continue;
      const grade = given(row, key);
      if (grade) bars[grade - 1] += 1; else silent += 1;
    }
    return { bars, silent };
  }
}
