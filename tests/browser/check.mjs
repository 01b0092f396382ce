// Checks of the HTML report in Chromium. Each check is a function that throws where something is not as it should be.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const { BROWSER, WORK, SHOTS } = process.env;
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const LARGE_LIMIT = 1000;

const browser = await puppeteer.launch({
  executablePath: BROWSER,
  args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"],
});

// Opens a page and notes all that a page of ours never does.
async function open(name, { width = 1100, height = 900, dark = false, scripts = true, media } = {}) {
  const page = await browser.newPage();
  page.offences = [];
  const offend = (what) => page.offences.push(what);
  page.on("console", (message) => offend("console: " + message.text()));
  page.on("pageerror", (error) => offend("error: " + error.message));
  page.on("dialog", (dialog) => { offend("dialog: " + dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) offend("request: " + request.url());
  });
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  if (media) await page.emulateMediaType(media);
  await page.setJavaScriptEnabled(scripts);
  await page.goto("file://" + join(WORK, name), { waitUntil: "load" });
  return page;
}

async function close(page) {
  assert.deepEqual(page.offences, []);
  await page.close();
}

async function shot(page, name, options = {}) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, name + ".png"), ...options });
}

// Whether text shows, also where it is in something that opens.
const shows = (page, selector) =>
  page.$eval(selector, (it) => it.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }));

const pages = ["case.html", "clean.html", "hostile.html", "run.html"];
const checks = {
  async "pages open without errors, violations of their policy, and requests"() {
    for (const name of [...pages, "large.html"]) await close(await open(name));
  },

  async "the policy blocks what is not ours"() {
    const page = await open("case.html");
    const found = await page.evaluate(async () => {
      const tried = {};
      try { document.body.innerHTML = "<b>x</b>"; } catch (error) { tried.markup = error.name; }
      const script = document.createElement("script");
      try { script.textContent = "globalThis.ran = 1"; } catch (error) { tried.script = error.name; }
      document.body.append(script);
      tried.ran = globalThis.ran ?? 0;
      tried.fetched = await fetch("data:,x").then(() => "yes", () => "no");
      return tried;
    });
    assert.deepEqual(found, { markup: "TypeError", script: "TypeError", ran: 0, fetched: "no" });
    await page.close();
  },

  async "a finding opens and closes by keyboard, and links lead into it"() {
    const page = await open("case.html");
    const inner = ".finding .finding > summary";
    assert.equal(await shows(page, ".finding .finding .body"), false);
    await page.focus(inner);
    await page.keyboard.press("Enter");
    assert.equal(await shows(page, ".finding .finding .body"), true);
    await page.keyboard.press("Space");
    assert.equal(await shows(page, ".finding .finding .body"), false);
    await page.$eval('#moments a[href="#finding-2"]', (link) => link.click());
    await page.waitForFunction(() => document.getElementById("finding-2").open);
    await close(page);
  },

  async "the first stop of the tabulator leads to the findings, and its focus shows"() {
    const page = await open("case.html");
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => {
      const it = document.activeElement;
      return [it.className, getComputedStyle(it).outlineStyle, it.getBoundingClientRect().left >= 0];
    });
    assert.deepEqual(outline, ["skip", "solid", true]);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.closest("main") !== null), true);
    await close(page);
  },

  async "the moments are filtered by server, kind and text"() {
    const page = await open("case.html");
    const rows = () => page.$$eval("#moments tbody tr", (all) => all.filter((it) => !it.hidden).length);
    const all = await rows();
    await page.select("#filter-server", "SECLON05");
    const ofServer = await rows();
    assert.ok(0 < ofServer && ofServer < all, ofServer + " of " + all);
    await page.select("#filter-kind", "phase");
    const ofKind = await rows();
    assert.ok(0 < ofKind && ofKind < ofServer);
    assert.match(await page.$eval("#filter-count", (it) => it.textContent), new RegExp("^" + ofKind + " of " + all));
    await page.type("#filter-text", "nothing is called like this");
    assert.equal(await rows(), 0);
    await close(page);
  },

  async "a place is copied as one line, also without the clipboard"() {
    const page = await open("case.html");
    const wanted = /^SECLON05 {2}SECLON05\/D_drive\/Sms_bootstrap\.log:5 {2}2001-\S+ {2}ERROR: Could not/;
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { globalThis.copied = text; } } });
    });
    const button = await page.$(".place .copy");
    await button.focus();
    await page.keyboard.press("Enter");
    assert.match(await page.evaluate(() => globalThis.copied), wanted);
    assert.equal(await button.evaluate((it) => it.textContent), "Copied");
    await close(page);
    const other = await open("case.html");
    await other.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
      document.addEventListener("copy", () => { globalThis.copied = getSelection().toString(); });
      document.execCommand = new Proxy(document.execCommand, {
        apply: (run, its, given) => { globalThis.copied = document.activeElement.value; return run.apply(its, given); },
      });
    });
    await (await other.$(".place .copy")).click();
    assert.match(await other.evaluate(() => globalThis.copied), wanted);
    await close(other);
  },

  async "steps can be ticked by keyboard"() {
    const page = await open("case.html");
    await page.focus(".steps input");
    await page.keyboard.press("Space");
    assert.equal(await page.$eval(".steps input", (it) => it.checked), true);
    await close(page);
  },

  async "without scripts all is there, and nothing that could do nothing"() {
    for (const name of ["case.html", "run.html", "large.html"]) {
      const page = await open(name, { scripts: false });
      assert.equal(await shows(page, "h1"), true);
      assert.equal(await page.$$eval("button.copy", (all) => all.length), 0);
      assert.equal(await shows(page, "#filter"), false);
      assert.ok((await page.$$("tbody tr")).length > 5);
      await close(page);
    }
    const page = await open("case.html", { scripts: false });
    await page.click(".finding .finding > summary");
    assert.equal(await shows(page, ".finding .finding .body"), true);
    await close(page);
  },

  async "a phone needs no sideways scrolling"() {
    for (const name of [...pages, "large.html"]) {
      const page = await open(name, { width: 360, height: 740 });
      await page.$$eval("details", (all) => all.forEach((it) => { it.open = true; }));
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 360, name + " is " + wide + " px wide");
      await close(page);
    }
  },

  async "the dark page is dark"() {
    const page = await open("case.html", { dark: true });
    const colours = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.body);
      return [backgroundColor, color].map((it) => it.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0));
    });
    assert.ok(colours[0] < 150 && 500 < colours[1], colours.join());
    await close(page);
  },

  async "paper shows what is folded, also without scripts"() {
    const page = await open("case.html", { media: "print", scripts: false });
    assert.equal(await shows(page, ".finding .finding .body"), true);
    const pdf = await page.pdf({ format: "A4" });
    assert.equal(Buffer.from(pdf.slice(0, 5)).toString(), "%PDF-");
    assert.ok(20_000 < pdf.length, pdf.length + " bytes");
    await close(page);
  },

  async "a hostile log stays text"() {
    const page = await open("hostile.html");
    await page.$$eval("details", (all) => all.forEach((it) => { it.open = true; }));
    const found = await page.evaluate(() => ({
      text: document.body.textContent,
      images: document.images.length,
      scripts: document.scripts.length,
      handlers: document.querySelectorAll("[onerror], [onload], [onclick], [style]").length,
      links: [...document.querySelectorAll("[href], [src]")].filter((it) => !/^(#|data:,$)/.test(it.getAttribute("href") ?? it.src)).length,
      ran: globalThis.ran ?? 0,
    }));
    assert.ok(found.text.includes("<img src=x onerror=globalThis.ran=1>"), "the log is not shown");
    assert.ok(found.text.includes("</script><script>globalThis.ran=1</script>"));
    assert.ok(found.text.includes("\\u{202e}") && !found.text.includes("\u202e"));
    const { images, scripts, handlers, links, ran } = found;
    assert.deepEqual({ images, scripts, handlers, links, ran }, { images: 0, scripts: 1, handlers: 0, links: 0, ran: 0 });
    await close(page);
  },

  async "bundles are filtered and turned over"() {
    const page = await open("large.html");
    const count = () => page.$eval("#filter-count", (it) => it.textContent);
    const rows = async () => (await page.$$("#rows tr")).length;
    assert.deepEqual([await count(), await rows()], ["1–100 of 50,000", 100]);
    await page.click("#later");
    assert.equal(await count(), "101–200 of 50,000");
    await page.select("#filter-verdict", "problem");
    assert.match(await count(), /^1–100 of [\d,]+ \(of 50,000\)$/);
    await page.type("#filter-site", "s0f");
assert.match(await count(), /^1–\d+ of \d{1,3} \(of 50,000\)$/);
    assert.ok((await page.$$eval("#rows tr", (all) => all.map((it) => it.textContent))).every((it) => it.includes("S0F")));
    await page.click("#sites-later");
    assert.match(await page.$eval("#heat-about", (it) => it.textContent), /^Sites 61 to 120 of /);
    await page.click("#sites-earlier");
    assert.match(await page.$eval("#heat-about", (it) => it.textContent), /^Sites 1 to 60 of /);
    await close(page);
  },

  async "the table of sites counts alike with and without script"() {
    const cells = (page) => page.$$eval("#heat-table tr", (all) => all.map((it) => [...it.cells].map((cell) => cell.className + cell.textContent)));
    const page = await open("large.html");
    const written = await cells(page);
    await page.click("#sites-later");
    await page.click("#sites-earlier");
    assert.deepEqual(await cells(page), written);
    await close(page);
  },

  async "the number of a cause leads to its bundles"() {
    const page = await open("run.html");
    const button = await page.$("tr[data-cause] button");
    const number = await button.evaluate((it) => it.textContent);
    await button.click();
    assert.equal((await page.$$("#rows tr")).length, Number(number.replace(",", "")));
    await close(page);
  },

  async "50,000 bundles open within a second"() {
    const times = [];
    for (let round = 0; round < 3; round += 1) {
      const page = await open("large.html");
      times.push(Math.round(await page.evaluate(() => performance.getEntriesByType("navigation")[0].loadEventEnd)));
      await close(page);
    }
    console.log("   opened in " + times.join(", ") + " ms");
    assert.ok(Math.min(...times) < LARGE_LIMIT, times.join());
  },

  async "axe finds nothing serious, in light and dark"() {
    for (const name of pages) {
      for (const dark of [false, true]) {
        const page = await open(name, { dark });
        await page.$$eval("details", (all) => all.forEach((it) => { it.open = true; }));
        await page.evaluate(AXE);
        const found = await page.evaluate(async () => {
          const { violations, passes } = await globalThis.axe.run(document);
          if (passes.length < 15) throw new Error("only " + passes.length + " rules looked at the page");
          return violations.map((it) => [it.impact, it.id, it.nodes[0].html, it.nodes[0].failureSummary].join(" | "));
        });
        const bad = found.filter((it) => /^(serious|critical)/.test(it));
        assert.deepEqual(bad, [], name + (dark ? " dark" : " light"));
        for (const it of found) console.log("   " + name + ": " + it.slice(0, 200));
        await page.close();
      }
    }
  },

  async "pictures to look at"() {
    if (!SHOTS) return;
    const views = [
      ["case.html", "light", {}], ["case.html", "dark", { dark: true }], ["case.html", "phone", { width: 360, height: 740 }],
      ["clean.html", "clean", {}], ["hostile.html", "hostile", {}],
      ["run.html", "run", {}], ["run.html", "run-phone", { width: 360, height: 740 }],
      ["large.html", "large", {}], ["large.html", "large-dark", { dark: true }],
    ];
    for (const [name, title, options] of views) {
      const page = await open(name, options);
      await shot(page, title, { fullPage: true });
      await close(page);
    }
    const page = await open("case.html", { width: 1000, height: 760 });
    await shot(page, "report");
    await close(page);
    const other = await open("run.html", { width: 1000, height: 760 });
    await shot(other, "all");
    await close(other);
  },
};

let failed = 0;
for (const [title, check] of Object.entries(checks)) {
  const start = Date.now();
  try {
    await check();
    console.log("ok  " + title + " (" + (Date.now() - start) + " ms)");
  } catch (error) {
    failed += 1;
    console.log("NOT " + title + "\n" + String(error.message).replace(/^/gm, "    "));
  }
}
await browser.close();
process.exitCode = failed ? 1 : 0;
