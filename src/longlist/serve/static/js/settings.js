import { $, ask, failed, h, kept, toast } from "./dom.js";
import { setDensity, setTheme } from "./keys.js";

$("#looks").hidden = false;
$("#set-theme").value = kept("theme");
$("#set-density").value = kept("density");
$("#set-keys").checked = kept("keys") !== "off";
$("#set-theme").addEventListener("change", (event) => setTheme(event.target.value));
$("#set-density").addEventListener("change", (event) => setDensity(event.target.value));
$("#set-keys").addEventListener("change", (event) => kept("keys", event.target.checked ? "" : "off"));

$("#check").hidden = false;
$("#check").addEventListener("click", async (event) => {
  event.target.disabled = true;
  try {
    const told = await ask("POST", "/ui/sources/check");
    for (const one of told) {
      const row = [...document.querySelectorAll("#providers tbody tr")].find((tr) => tr.cells[0].textContent === one.title);
      const isBad = ["limited", "refused", "unreachable"].includes(one.state);
      if (row) row.cells[2].replaceChildren(h("span", { class: `state${isBad ? " warn" : ""}`, title: one.note }, h("span", { class: `dot${one.state === "ready" ? " done" : isBad ? " exhausted" : ""}` }), one.state));
    }
    document.querySelector("details:has(#providers)").open = true;
    toast(`${told.filter((one) => one.state === "ready").length} of ${told.length} answer.`);
  } catch (error) { failed(error); }
  event.target.disabled = false;
});
