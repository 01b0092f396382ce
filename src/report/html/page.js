// The page of a case: a filter for the moments of the timeline.
const form = document.getElementById("filter");
if (form) {
  const [server, kind, text, count] =
    ["server", "kind", "text", "count"].map((name) => document.getElementById("filter-" + name));
  const rows = [...document.querySelectorAll("#moments tbody tr")];
  const show = () => {
    const wanted = text.value.toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = Boolean(
        (server.value && row.dataset.server !== server.value) ||
        (kind.value && row.dataset.kind !== kind.value) ||
        (wanted && !row.textContent.toLowerCase().includes(wanted)));
      shown += row.hidden ? 0 : 1;
    }
    count.textContent = shown === rows.length ? "" : shown + " of " + rows.length + " moments";
  };
  form.hidden = false;
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
}

// A link to a finding opens it, with all it lies in.
const reveal = () => {
  let at = document.getElementById(location.hash.slice(1));
  if (!at || !location.hash.startsWith("#finding-")) return;
  const target = at;
  for (; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", reveal);
reveal();
