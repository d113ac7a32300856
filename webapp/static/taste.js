"use strict";
// What a viewer says of films, in one click. Everything here is an addition: the forms work without it.
(() => {
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const announcer = document.querySelector("[data-announcer]"), words = JSON.parse(announcer.dataset.words);
  const announce = (text) => { announcer.textContent = text; };
  const typing = (target) => target.closest?.("input:not([type=range]), textarea, select, [contenteditable]");
  const KEYS_PAUSE = 500, TOAST = 10000, FLUSH = 5000, BATCH = 50, FAR = 90;

  // Writes go one after another, so the last click wins. `keepalive` lets one outlive its page.
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

  // A line at the foot of the page that can take the last thing back.
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

  // Every form of the same film shows the same.
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
      form.closest("[data-film]")?.toggleAttribute("data-gone", marks.includes("dismissed"));
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

  // The marks of one film are a toolbar: one stop for the Tab key, arrows inside.
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

  // The slider between discover and familiar asks for its list by itself.
  for (const input of document.querySelectorAll("[data-submit]")) {
    input.addEventListener("input", () => input.setAttribute("aria-valuetext", words.familiar.replace("{n}", Math.round(input.value * 100))));
    input.addEventListener("change", () => { clearTimeout(input.pause); input.pause = setTimeout(() => input.form.requestSubmit(), KEYS_PAUSE); });
  }

  // Swiping: buttons, arrow keys, touch.
  const deck = document.querySelector("[data-deck]");
  if (deck) {
    const past = [], seen = new Set([...deck.children].map((card) => card.dataset.film));
    const back = document.querySelector("[data-undo-swipe]"), empty = document.querySelector(".deck-empty");
    let asking = false;
    const settleDeck = (side) => {
      empty.hidden = deck.children.length > 0;
      back.hidden = past.length === 0;
      const card = deck.firstElementChild;
      if (!card) return;
      if (side) card.querySelector(`.swipe-${side}`).focus({ preventScroll: true });
      announce(card.querySelector("h2").textContent.trim());
    };
    const refill = async () => {
      if (asking || deck.children.length > 3) return;
      asking = true;
      try {
        await writes;
        const answer = await fetch(deck.dataset.deck, { headers: { "HX-Request": "true" } });
        const fresh = document.createElement("template");
        fresh.innerHTML = answer.ok ? await answer.text() : "";
        for (const card of [...fresh.content.children]) {
          if (seen.has(card.dataset.film)) continue;
          seen.add(card.dataset.film);
          deck.append(card);
        }
        settleDeck();
      } finally { asking = false; }
    };
    const swipe = async (side) => {
      const card = deck.firstElementChild;
      if (!card) return;
      const had = card.contains(document.activeElement), face = card.querySelector(".swipe-face");
      const form = card.querySelector("form");
      const fields = { movie: form.elements.movie.value, position: form.elements.position.value, direction: side };
      face.style.translate = face.style.rotate = "";
      card.remove();
      past.push({ card, fields });
      settleDeck(had ? side : "");
      try { await post(form.getAttribute("action"), fields); } catch { failed(); takeBack(false); }
      refill();
    };
    const takeBack = async (tellServer = true) => {
      const last = past.pop();
      if (!last) return;
      deck.prepend(last.card);
      settleDeck("right");
      if (tellServer) try { await post(deck.dataset.undo, last.fields); } catch { failed(); }
    };
    deck.addEventListener("submit", (event) => { event.preventDefault(); swipe(event.submitter?.value ?? "right"); });
    back.addEventListener("click", () => takeBack());
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
      if (event.key === "ArrowLeft" || event.key === "ArrowRight") { event.preventDefault(); swipe(event.key === "ArrowLeft" ? "left" : "right"); }
      else if (event.key.toLowerCase() === "u") takeBack();
    });
    let from = null, far = 0, dragged = false;
    deck.addEventListener("pointerdown", (event) => {
      dragged = false;
      from = event.isPrimary && event.target.closest(".swipe-face") ? event.clientX : null;
    });
    deck.addEventListener("pointermove", (event) => {
      const face = deck.firstElementChild?.querySelector(".swipe-face");
      if (from === null || !face) return;
      far = event.clientX - from;
      if (Math.abs(far) < 8) return;
      dragged = true;
      face.classList.add("held");
      face.style.translate = `${far}px`;
      face.style.rotate = `${far / 40}deg`;
    });
    const release = () => {
      const face = deck.firstElementChild?.querySelector(".swipe-face");
      if (from === null || !face) return;
      face.classList.remove("held");
      from = null;
      if (dragged && Math.abs(far) > FAR) swipe(far > 0 ? "right" : "left");
      else face.style.translate = face.style.rotate = "";
      far = 0;
    };
    document.addEventListener("pointerup", release);
    document.addEventListener("pointercancel", () => { far = 0; release(); });
    deck.addEventListener("click", (event) => { if (dragged && event.target.closest("a")) event.preventDefault(); }, true);
    deck.addEventListener("dragstart", (event) => event.preventDefault());
  }

  // What was shown and opened, in batches; the server leaves the attributes out for whoever opted out.
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
  document.addEventListener("htmx:afterSettle", (event) => {
    rove(document);
    observe(document);
    for (const form of document.querySelectorAll("[data-say]")) if (!kept.has(form.dataset.say)) kept.set(form.dataset.say, starsOf(form));
  });
})();
