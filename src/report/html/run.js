// The page of a run: bundles from the data of the page, filtered, a hundred at a time; and further sites of the table.
const data = JSON.parse(document.getElementById("data").textContent);
const { bundles, causes, words, prefix } = data;
const PAGE = 100;
const TONES = { problem: "bad", suspect: "warn", inconclusive: "warn", clean: "good", error: "bad" };
const element = (id) => document.getElementById(id);
const [verdict, cause, site, text] = ["verdict", "cause", "site", "text"].map((name) => element("filter-" + name));
const time = (seen) =>
  typeof seen === "number" ? new Date(seen * 1000).toISOString().replace(".000", "") : seen ?? "?";
const siteOf = (bundle, it) => it[3] ?? bundle[2][0];

const row = (bundle) => {
  const [path, number, sites, found, seen, error] = bundle;
  const made = make("tr", "");
  const head = make("th", "", { scope: "row" });
  head.append(make("bdi", prefix + path, { class: "path" }));
  const word = make("td", "");
  word.append(make("span", words[number], { class: "badge " + TONES[words[number]] }));
  const why = make("td", error ?? "");
  for (const it of found) {
    why.append(make("div", causes[it[0]] + " on " + words[it[1]] + " · " + it[2] + "%"));
  }
  const where = make("td", sites.map((it) => words[it]).join(", "), { "data-label": "sites" });
  made.append(head, word, where, why, make("td", time(seen), { "data-label": "newest record" }));
  return made;
};

const grouped = (number) => number.toLocaleString("en");
let matching = bundles;
let first = 0;
const show = () => {
  const last = Math.min(first + PAGE, matching.length);
  element("rows").replaceChildren(...matching.slice(first, last).map(row));
  const of = matching.length === bundles.length ? "" : " (of " + grouped(bundles.length) + ")";
  element("filter-count").textContent =
    matching.length
      ? grouped(first + 1) + "–" + grouped(last) + " of " + grouped(matching.length) + of
      : "none of " + grouped(bundles.length);
  element("earlier").disabled = first === 0;
  element("later").disabled = last === matching.length;
};

const filter = () => {
  const [wantedSite, wanted] = [site, text].map((field) => field.value.trim().toLowerCase());
  const lower = words.map((word) => word.toLowerCase());
  const number = cause.value === "" ? -1 : Number(cause.value);
  matching = bundles.filter(([path, its, sites, found]) =>
    (!verdict.value || words[its] === verdict.value) &&
    (number < 0 || found.some((it) => it[0] === number)) &&
    (!wantedSite || sites.some((it) => lower[it] === wantedSite) || found.some((it) => lower[it[3]] === wantedSite)) &&
    (!wanted || (prefix + path).toLowerCase().includes(wanted) || found.some((it) => lower[it[1]].includes(wanted))));
  first = 0;
  show();
};

const turn = (pages) => { first += pages * PAGE; show(); };
element("filter").hidden = false;
element("filter").addEventListener("input", filter);
element("filter").addEventListener("submit", (event) => event.preventDefault());
element("earlier").addEventListener("click", () => turn(-1));
element("later").addEventListener("click", () => turn(1));
if (element("more")) element("more").hidden = true;
show();

// The number of each cause leads to its bundles.
for (const line of document.querySelectorAll("tr[data-cause]")) {
  const cell = line.querySelector(".count");
  const button = make("button", cell.textContent, { type: "button", title: "Show these bundles" });
  button.addEventListener("click", () => {
    cause.value = line.dataset.cause;
    filter();
    element("bundles").scrollIntoView();
    cause.focus({ preventScroll: true });
  });
  cell.replaceChildren(button);
}

// Further sites: counted only when someone asks for them.
const table = element("heat-table");
if (table) {
  const [rows, columns] = [Number(table.dataset.causes), Number(table.dataset.sites)];
  const counts = () => {
    const totals = new Map();
    for (const bundle of bundles) {
      const pairs = new Set(bundle[3].filter((it) => it[0] < rows && siteOf(bundle, it) >= 0)
        .map((it) => it[0] + " " + siteOf(bundle, it)));
      for (const pair of pairs) {
        const [number, at] = pair.split(" ").map(Number);
        if (!totals.has(at)) totals.set(at, { name: words[at], all: 0, by: [] });
        const total = totals.get(at);
        total.all += 1;
        total.by[number] = (total.by[number] ?? 0) + 1;
      }
    }
    return [...totals.values()].sort((a, b) => b.all - a.all || (a.name < b.name ? -1 : 1));
  };
  let sites;
  let at = 0;
  const draw = (by) => {
    sites ??= counts();
    at += by * columns;
    const shown = sites.slice(at, at + columns);
    const most = Math.max(1, ...sites.map((it) => Math.max(0, ...it.by.filter(Boolean))));
    const [head, ...lines] = table.rows;
    head.replaceChildren(head.cells[0], ...shown.map((it) => make("th", it.name, { scope: "col" })));
    lines.forEach((line, number) => line.replaceChildren(line.cells[0], ...shown.map((it) => {
      const count = it.by[number];
      const shade = Math.ceil(5 * Math.log(1 + count) / Math.log(1 + most));
      return count ? make("td", count, { class: "h" + Math.min(5, Math.max(1, shade)) }) : make("td", "");
    })));
    element("heat-about").textContent =
      "Sites " + (at + 1) + " to " + (at + shown.length) + " of " + sites.length + ", those with most bundles first.";
    element("sites-earlier").disabled = at === 0;
    element("sites-later").disabled = at + columns >= sites.length;
  };
  if (Number(table.dataset.all) > columns) {
    element("heat-pager").hidden = false;
    element("sites-earlier").disabled = true;
    element("sites-earlier").addEventListener("click", () => draw(-1));
    element("sites-later").addEventListener("click", () => draw(1));
  }
}
