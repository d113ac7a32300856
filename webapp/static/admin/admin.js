"use strict";
// Updates the page of a current run, with server-sent events or, if no stream is available, by polling.
// Without JavaScript, the page has a link to refresh it.
(() => {
  const box = document.querySelector("[data-run]");
  if (!box) return;
  const POLL = 3000;
  const part = (name) => document.querySelector(`[data-live="${name}"]`);
  let last = "";

  const curves = (figures) => {
    const told = figures.loss ?? {};
    const named = Array.isArray(told) ? { loss: told } : told;
    return Object.entries(named).filter(([, curve]) => Array.isArray(curve) && curve.some((value) => typeof value === "number"));
  };
  const slug = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "x";

  // The same figure as in macros.html, for a curve that started after the page was loaded.
  const figure = (name) => {
    const made = document.createElement("figure");
    made.className = "chart";
    made.id = `chart-loss-${slug(name)}`;
    const words = document.createElement("figcaption"), head = document.createElement("h3"), canvas = document.createElement("div");
    head.textContent = `Loss of ${name}`;
    words.append(head);
    canvas.className = "chart-canvas";
    canvas.setAttribute("role", "img");
    canvas.dataset.liveChart = name;
    const details = document.createElement("details"), summary = document.createElement("summary");
    details.className = "figures-table";
    summary.textContent = "As a table";
    const table = document.createElement("div"), body = document.createElement("table"), rows = document.createElement("tbody");
    table.className = "table";
    body.append(rows);
    table.append(body);
    details.append(summary, table);
    made.append(words, canvas, details);
    part("charts").append(made);
    return canvas;
  };

  const showCurve = ([name, values]) => {
    const known = [...document.querySelectorAll("[data-live-chart]")].find((one) => one.dataset.liveChart === name);
    const canvas = known ?? figure(name);
    const x = values.map((_, place) => place + 1);
    const ends = values.filter((value) => typeof value === "number");
    canvas.setAttribute("aria-label", `Loss of ${name}. ${values.length} epochs, from ${ends[0]} to ${ends.at(-1)}.`);
    canvas.dataset.chart = JSON.stringify({ axis: "Epoch", time: false, x, series: [{ name, values }] });
    if (canvas.hasAttribute("data-drawn")) marqueeCharts.draw(canvas);
    else marqueeCharts.begin(canvas);
    const rows = canvas.parentElement.querySelector("tbody");
    rows.replaceChildren(...values.map((value, place) => {
      const row = document.createElement("tr"), epoch = document.createElement("th"), loss = document.createElement("td");
      epoch.scope = "row";
      epoch.textContent = String(place + 1);
      loss.textContent = value === null ? "–" : String(value);
      row.append(epoch, loss);
      return row;
    }));
  };

  const show = (run) => {
    const text = JSON.stringify(run);
    if (text === last) return;
    last = text;
    part("outcome").textContent = run.outcome + (run.cancel && !run.ended ? ", stopping" : "");
    const progress = part("progress");
    if (run.progress === null) progress?.removeAttribute("value");
    else progress.value = run.progress;
    part("doing").textContent = run.doing || "waiting for the scheduler";
    const log = part("log");
    if (log && run.log) log.textContent = run.log;
    curves(run.figures).forEach(showCurve);
  };
  const over = () => location.reload(); // the page then shows what came of it, and what can be done next

  const poll = async () => {
    try {
      const answer = await fetch(box.dataset.status, { headers: { Accept: "application/json" } });
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) return;
      if (answer.ok) {
        const run = await answer.json();
        show(run);
        if (run.ended) { over(); return; }
      }
    } catch { /* retried later */ }
    setTimeout(poll, POLL);
  };

  document.querySelector("[data-reload]")?.setAttribute("hidden", "");
  const stream = new EventSource(box.dataset.stream);
  stream.addEventListener("run", (event) => { show(JSON.parse(event.data)); box.dataset.by = "stream"; });
  stream.addEventListener("end", () => { stream.close(); over(); });
  // Browsers reconnect automatically after a stream breaks off, but not after it was refused.
  stream.addEventListener("error", () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    box.dataset.by = "poll";
    poll();
  });
  addEventListener("pagehide", () => stream.close());
})();
