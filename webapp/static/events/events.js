"use strict";
// Sends impressions and clicks in batches. The server omits the attributes for users who opted out.
(() => {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  // "Was this helpful?": answered in place; if that fails, the form is sent as without JavaScript.
  document.addEventListener("submit", async (event) => {
    const form = event.target, answer = event.submitter?.value;
    if (!form.matches("[data-helpful]") || !answer) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form));
    fields.set("answer", answer);
    try {
      const reply = await fetch(form.getAttribute("action"), { method: "POST", headers: { Accept: "application/json" }, body: fields });
      if (!reply.ok) throw new Error(String(reply.status));
      const thanks = document.createElement("p"), { text } = await reply.json();
      Object.assign(thanks, { className: "helpful", textContent: text, tabIndex: -1 });
      thanks.setAttribute("role", "status");
      form.replaceWith(thanks);
      thanks.focus({ preventScroll: true });
    } catch {
      form.removeAttribute("data-helpful");
      form.requestSubmit(event.submitter);
    }
  });

  const FLUSH = 5000, BATCH = 50;
  if (!document.querySelector("[data-list], [data-results]") || !("IntersectionObserver" in window)) return;
  let queue = [], pause;
  const flush = () => {
    clearTimeout(pause);
    pause = undefined;
    while (queue.length) {
      const events = JSON.stringify(queue.splice(0, BATCH));
      navigator.sendBeacon("/api/events", new URLSearchParams({ csrf_token: token, events }));
    }
  };
  const record = (kind, movie) => {
    const list = movie.closest("[data-list]");
    const item = movie.closest("li");
    const position = Number(movie.dataset.position) || [...item.parentElement.children].indexOf(item) + (item.parentElement.start || 1);
    const event = { kind, movie: Number(movie.dataset.movie), list: list.dataset.list, position };
    const model = movie.dataset.model || list.dataset.model;
    if (model) event.model = model;
    if (list.dataset.query) event.query = list.dataset.query.slice(0, 500);
    queue.push(event);
    if (queue.length >= BATCH) flush();
    else pause ??= setTimeout(flush, FLUSH);
  };
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { watch.unobserve(entry.target); record("impression", entry.target); }
  }, { threshold: 0.5 });
  const observe = (root) => { for (const movie of root.querySelectorAll("[data-list] [data-movie]:not([data-watched])")) { movie.dataset.watched = ""; watch.observe(movie); } };
  observe(document);
  document.addEventListener("click", (event) => {
    const movie = event.target.closest?.("a[href^='/movies/']")?.closest("[data-list] [data-movie]");
    if (movie) record("click", movie);
  });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") flush(); });
  addEventListener("pagehide", flush);

  // Other results were loaded without a reload.
  document.addEventListener("results:shown", () => observe(document));
})();
