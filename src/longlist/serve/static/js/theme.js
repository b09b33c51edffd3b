// Runs before the page is drawn, so that nobody sees the wrong colours first.
{
  const root = document.documentElement.dataset;
  const kept = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
  if (kept("theme")) root.theme = kept("theme");
  if (kept("density")) root.density = kept("density");
}
