"use strict";
// What was shown and opened, in batches; the server leaves the attributes out for whoever opted out.
(() => {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const FLUSH = 5000, BATCH = 50;
  if (!document.querySelector("[data-shelf]") || !("IntersectionObserver" in window)) return;
  let noticed = [], pause;
  const flush = () => {
    clearTimeout(pause);
    pause = undefined;
    while (noticed.length) {
      const events = JSON.stringify(noticed.splice(0, BATCH));
      navigator.sendBeacon("/api/events", new URLSearchParams({ csrf_token: token, events }));
    }
  };
  const notice = (kind, film) => {
    const shelf = film.closest("[data-shelf]");
    const item = film.closest("li");
    const position = Number(film.dataset.position) || [...item.parentElement.children].indexOf(item) + 1;
    const event = { kind, movie: Number(film.dataset.film), list: shelf.dataset.shelf, position };
    const model = film.dataset.model || shelf.dataset.model;
    if (model) event.model = model;
    if (shelf.dataset.query) event.query = shelf.dataset.query.slice(0, 500);
    noticed.push(event);
    if (noticed.length >= BATCH) flush();
    else pause ??= setTimeout(flush, FLUSH);
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watch.unobserve(entry.target); notice("impression", entry.target); }
  }, { threshold: 0.5 });
  const observe = (root) => { for (const film of root.querySelectorAll("[data-shelf] [data-film]:not([data-watched])")) { film.dataset.watched = ""; watch.observe(film); } };
  observe(document);
  document.addEventListener("click", (event) => {
    const film = event.target.closest?.("a[href^='/movies/']")?.closest("[data-shelf] [data-film]");
    if (film) notice("click", film);
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  addEventListener("pagehide", flush);

  // Further results come by htmx.
  document.addEventListener("htmx:afterSettle", () => observe(document));
})();
