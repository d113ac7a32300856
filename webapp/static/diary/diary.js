"use strict";
// Rating and marking movies with one click. Progressive enhancement: the forms work without it.
const marqueeDiary = (() => {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const announcer = document.querySelector("[data-announcer]"), words = JSON.parse(announcer.dataset.words);
  const announce = (text) => { announcer.textContent = text; };
  const typing = (target) => target.closest?.("input:not([type=range]), textarea, select, [contenteditable]");
  const KEYS_PAUSE = 500, TOAST = 10000;

  // Requests are sent one after another, so the last click wins. `keepalive` lets them outlive the page.
  let writes = Promise.resolve();
  const post = (url, fields) => {
    const send = async () => {
      const answer = await fetch(url, { method: "POST", keepalive: true, headers: { Accept: "application/json", "X-CSRFToken": token }, body: new URLSearchParams(fields) });
      if (answer.status === 401) location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    };
    const done = writes.then(send, send);
    writes = done.catch(() => undefined);
    return done;
  };

  // A message at the bottom of the page that can undo the last change.
  let toast, timer, undoing;
  const hush = () => { toast?.remove(); toast = undoing = undefined; };
  const tell = (text, undo) => {
    clearTimeout(timer);
    hush();
    toast = document.createElement("div");
    toast.className = "toast";
    const line = document.createElement("p");
    line.textContent = text;
    toast.append(line);
    if (undo) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words.undo;
      button.addEventListener("click", undo);
      toast.append(button);
      undoing = undo;
    }
    document.body.append(toast);
    announce(undo ? `${text} ${words.undoKey}` : text);
    const rest = () => { timer = setTimeout(() => (toast?.matches(":hover, :focus-within") ? rest() : hush()), TOAST); };
    rest();
  };
  const failed = () => tell(words.failed);
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "u" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !undoing) return;
    event.preventDefault();
    undoing();
  });

  // Update all forms of the same movie.
  const forms = (id) => document.querySelectorAll(`[data-say="${CSS.escape(String(id))}"]`);
  const show = (id, stars) => {
    for (const form of forms(id)) {
      const box = form.querySelector(".stars"), input = box.querySelector("input");
      input.value = String(stars ?? 0);
      box.dataset.stars = String(stars ?? 0);
      input.setAttribute("aria-valuetext", words.stars[(stars ?? 0) * 2]);
    }
  };
  const showMarks = (id, marks) => {
    for (const form of forms(id)) {
      for (const button of form.querySelectorAll(".mark")) {
        const on = marks.includes(button.dataset.kind);
        button.setAttribute("aria-pressed", String(on));
        button.formAction = `${form.dataset.mark}?kind=${button.dataset.kind}&on=${on ? 0 : 1}`;
      }
      form.closest("[data-movie]")?.toggleAttribute("data-gone", marks.includes("dismissed"));
    }
  };
  const kept = new Map();  // film -> stars that the server has
  const starsOf = (form) => Number(form.querySelector(".stars input").value);
  for (const form of document.querySelectorAll("[data-say]")) kept.set(form.dataset.say, starsOf(form));
  const settle = (answer) => {
    const id = String(answer.id), before = kept.get(id) ?? 0, after = answer.stars ?? 0;
    kept.set(id, after);
    show(id, after);
    showMarks(id, answer.marks);
    count(Number(after > 0) - Number(before > 0));
  };
  const say = async (url, fields) => {
    try {
      const answer = await post(url, fields);
      settle(answer);
      tell(answer.text, async () => {
        hush();
        try {
          const back = await post(answer.undo.url, answer.undo.fields);
          settle(back);
          tell(words.undone);
        } catch { failed(); }
      });
    } catch { failed(); return false; }
    return true;
  };
  const rate = async (form, stars) => {
    const id = form.dataset.say;
    show(id, stars);
    if (!await say(form.getAttribute("action"), { stars: stars ? String(stars) : "" })) show(id, kept.get(id));
  };
  const count = (step) => {
    const bar = document.querySelector("[data-progress]");
    if (!bar || !step) return;
    const label = document.querySelector("[data-progress-count]"), done = Number(label.textContent) + step;
    label.textContent = String(done);
    bar.value = Math.min(done, bar.max);
    const button = document.querySelector("[data-done]");
    if (done > 0 && button) { button.textContent = button.dataset.done; button.classList.remove("plain"); }
  };

  // Stars: a click on a half star, or the arrow keys of a slider.
  const pointed = (box, event) => {
    const frame = box.getBoundingClientRect();
    const part = (event.clientX - frame.left) / frame.width;
    return Math.min(5, Math.max(0.5, Math.ceil((getComputedStyle(box).direction === "rtl" ? 1 - part : part) * 10) / 2));
  };
  const waiting = new Map();
  const later = (form) => {
    clearTimeout(waiting.get(form));
    waiting.set(form, setTimeout(() => { waiting.delete(form); rate(form, starsOf(form)); }, KEYS_PAUSE));
  };
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("[data-say] .stars");
    if (!box) return;
    const form = box.closest("[data-say]"), stars = pointed(box, event);
    rate(form, stars === kept.get(form.dataset.say) ? 0 : stars);
  });
  document.addEventListener("pointermove", (event) => {
    const box = event.pointerType === "mouse" ? event.target.closest?.("[data-say] .stars") : null;
    if (box) box.dataset.stars = String(pointed(box, event));
  });
  document.addEventListener("pointerout", (event) => {
    const box = event.target.closest?.("[data-say] .stars");
    if (box && !box.contains(event.relatedTarget)) box.dataset.stars = box.querySelector("input").value;
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-say]");
    if (!form || event.target.name !== "stars") return;
    show(form.dataset.say, Number(event.target.value));
    later(form);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-say]")) return;
    event.preventDefault();
    const kind = event.submitter?.dataset.kind;
    if (kind) say(form.dataset.mark, { kind, on: event.submitter.getAttribute("aria-pressed") === "true" ? "0" : "1" });
    else { clearTimeout(waiting.get(form)); waiting.delete(form); rate(form, starsOf(form)); }
  });
  addEventListener("pagehide", () => { for (const [form, pause] of waiting) { clearTimeout(pause); rate(form, starsOf(form)); } });

  // The marks of a movie are a toolbar: one tab stop, arrow keys inside.
  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.(".marks");
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!bar || !step) return;
    event.preventDefault();
    const buttons = [...bar.querySelectorAll("button")];
    const next = buttons[(buttons.indexOf(event.target) + step + buttons.length) % buttons.length];
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  });
  const rove = (root) => {
    for (const bar of root.querySelectorAll(".card-box .marks, .result .marks")) {
      bar.setAttribute("role", "toolbar");
      bar.querySelectorAll("button").forEach((button, number) => { button.tabIndex = number ? -1 : 0; });
    }
  };
  rove(document);

  // Other results were loaded without a reload.
  document.addEventListener("results:shown", () => {
    rove(document);
    for (const form of document.querySelectorAll("[data-say]")) if (!kept.has(form.dataset.say)) kept.set(form.dataset.say, starsOf(form));
  });

  return { announce, failed, post, typing, words, written: () => writes };
})();
