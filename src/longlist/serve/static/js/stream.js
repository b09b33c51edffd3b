// One stream of events per page. It is closed while the page is hidden, and opened again from the last revision known.
import { $ } from "./dom.js";

const HIDDEN_MS = 30000, LOST_MS = 5000;

// `address(rev)` is where to listen, `rev()` what is known, `on` what to do with each event; `ended` is told the last one.
export function follow(address, rev, on, ended = () => {}) {
  let source = null, lost = 0, hiding = 0, isOver = false;
  const bar = $("#reconnect");

  const isFound = () => { clearTimeout(lost); lost = 0; bar.hidden = true; };
  const isLost = () => { if (!lost && !isOver && !document.hidden) lost = setTimeout(() => { bar.hidden = false; }, LOST_MS); };

  function open() {
    if (source || isOver) return;
    source = new EventSource(address(rev()));
    source.onopen = isFound;
    source.onerror = () => {
      isLost();
      if (source && source.readyState === EventSource.CLOSED) { close(); setTimeout(open, 2000); }
    };
    for (const [name, act] of Object.entries(on)) {
      source.addEventListener(name, (event) => { isFound(); act(JSON.parse(event.data)); });
    }
    source.addEventListener("end", (event) => { isOver = true; isFound(); close();
      const told = JSON.parse(event.data); if (told.status === "signed_out") location.reload(); else ended(told); });
  }
  function close() { if (source) { source.close(); source = null; } }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiding);
    if (document.hidden) hiding = setTimeout(close, HIDDEN_MS); else open();
  });
  addEventListener("pagehide", close);
  addEventListener("online", () => { close(); open(); });
  open();
  return { again() { isOver = false; close(); open(); }, close };
}
