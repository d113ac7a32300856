"use strict";
// Progressive enhancement: each page works without it.
(() => {
  const announcer = document.querySelector("[data-announcer]"), words = JSON.parse(announcer.dataset.words);
  const announce = (text) => { announcer.textContent = text; };

  // Replace a TMDB poster that fails to load with the drawn one.
  const fallBack = (image) => {
    const drawn = image.dataset.drawn;
    if (drawn) { delete image.dataset.drawn; image.alt = ""; image.src = drawn; }
    else if (image.src.includes("/poster/") && !image.dataset.again) {
      image.dataset.again = "1"; // the server was busy: once more, when it has said that it may be tried again
      setTimeout(() => { image.src = image.src; }, 1200 + 800 * Math.random());
    }
  };
  document.addEventListener("error", (event) => { if (event.target instanceof HTMLImageElement) fallBack(event.target); }, true);
  for (const image of document.images) if (image.complete && image.naturalWidth === 0) fallBack(image);

  // Light or dark.
  const toggle = document.querySelector("[data-theme-toggle]");
  const dark = () => (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  const mark = () => toggle.setAttribute("aria-pressed", String(dark()));
  toggle.hidden = false;
  mark();
  toggle.addEventListener("click", () => {
    const next = dark() ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    try { localStorage.setItem("theme", next); } catch { /* then it applies to this page only */ }
    mark();
  });

  // `/` focuses the search field.
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const field = document.querySelector("main input[type=search]") ?? document.querySelector("input[type=search]");
    if (field) { event.preventDefault(); field.focus(); field.select(); }
  });

  // Suggestions while typing: a WAI-ARIA combobox with a listbox popup.
  for (const box of document.querySelectorAll("[data-combobox]")) {
    const input = box.querySelector("input"), list = box.querySelector("ul");
    let at = -1;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    list.setAttribute("role", "listbox");
    const options = () => [...list.querySelectorAll("[role=option]")];
    const point = (next) => {
      at = next;
      options().forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
      const chosen = options()[at];
      if (chosen) { input.setAttribute("aria-activedescendant", chosen.id); chosen.scrollIntoView({ block: "nearest" }); }
      else input.removeAttribute("aria-activedescendant");
    };
    const show = (open) => {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) point(-1);
    };
    list.addEventListener("htmx:afterSwap", () => {
      options().forEach((option, number) => { option.id = `${list.id}-${number}`; });
      const count = options().length;
      show(count > 0 && document.activeElement === input);
      point(-1);
      announce(count ? (count === 1 ? words.suggestion : words.suggestions).replace("{n}", count) : "");
    });
    input.addEventListener("keydown", (event) => {
      const count = options().length;
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); show(false); }
      else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
        event.preventDefault();
        if (list.hidden) show(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        point(at === -1 && step === -1 ? count - 1 : (at + step + count + 1) % (count + 1) === count ? -1 : at + step);
      } else if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.assign(options()[at].dataset.url); }
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });
    input.addEventListener("blur", () => show(false));
  }

  // Arrows beside a row of movies. Only for pointers: the keyboard moves from movie to movie, and touch scrolls.
  const addArrows = (row) => {
    const box = document.createElement("div");
    box.className = "row-box";
    row.before(box);
    box.append(row);
    const backwards = () => getComputedStyle(row).direction === "rtl" ? -1 : 1;
    const arrow = (name, sign, step) => {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: `row-arrow ${name}`, textContent: sign, tabIndex: -1 });
      button.setAttribute("aria-hidden", "true");
      button.addEventListener("click", () => row.scrollBy({ left: step * backwards() * row.clientWidth * 0.85, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" }));
      box.append(button);
      return button;
    };
    const back = arrow("back", "‹", -1), on = arrow("on", "›", 1);
    const update = () => {
      const at = Math.abs(row.scrollLeft), most = row.scrollWidth - row.clientWidth;
      back.hidden = at < 2;
      on.hidden = at > most - 2;
    };
    row.addEventListener("scroll", update, { passive: true });
    addEventListener("resize", update, { passive: true });
    update();
  };
  const addAllArrows = () => { for (const row of document.querySelectorAll("ul.row")) if (!row.parentElement.matches(".row-box")) addArrows(row); };
  addAllArrows();
  document.addEventListener("results:shown", addAllArrows);
  // Further rows of the home page, loaded when they are reached.
  document.addEventListener("htmx:afterSwap", (event) => { if (event.target.querySelector?.("ul.row")) document.dispatchEvent(new CustomEvent("results:shown")); });

  // A page for times without a connection. Some browsers refuse it, for instance in private windows.
  addEventListener("load", () => { navigator.serviceWorker?.register("/service-worker.js").catch(() => {}); });
})();
