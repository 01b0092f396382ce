"use strict";
// Texts get into the page by textContent only; the policy of the page allows nothing else.
const make = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

// Where the clipboard is not to be had, a text area that is selected does it.
const copy = async (text) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", text, { class: "away" });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("nothing copies here");
  }
};

for (const place of document.querySelectorAll("[data-copies]")) {
  const button = make("button", "", { type: "button", class: "copy" });
  const say = (word) => {
    button.textContent = word;
    button.setAttribute("aria-label", word + " " + place.dataset.copies);
  };
  say("Copy");
  button.addEventListener("click", async () => {
    const parts = [...place.querySelectorAll("[data-copy]")].map((part) => part.textContent);
    try {
      await copy(parts.join("  "));
      say("Copied");
    } catch {
      say("Could not copy");
    }
    button.focus();
    setTimeout(say, 1500, "Copy");
  });
  place.append(button);
}

// On paper nothing can be opened, so everything is; afterwards it is as before.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const it of closed) it.open = true;
});
addEventListener("afterprint", () => { for (const it of closed) it.open = false; });
