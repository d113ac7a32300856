"use strict";
// The familiarity slider, reasons and swiping. Progressive enhancement: the forms work without it. Needs diary.js.
(() => {
  const { announce, failed, post, typing, words, written } = marqueeDiary;
  const PAUSE = 500, FAR = 90;

  // The familiarity slider submits its form on change.
  document.addEventListener("input", ({ target }) => {
    if (target.matches("[data-submit]")) target.setAttribute("aria-valuetext", words.familiar.replace("{n}", Math.round(target.value * 100)));
  });
  let pause;
  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-submit]")) return;
    clearTimeout(pause);
    pause = setTimeout(() => target.form?.requestSubmit(), PAUSE);
  });

  // "Why this?" opens the reasons over the page; without a script, or if they cannot be fetched, it leads to the movie.
  const asks = () => {
    for (const link of document.querySelectorAll("[data-why]:not([role])")) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-haspopup", "dialog");
    }
  };
  const explain = async (link) => {
    try {
      const answer = await fetch(link.dataset.why);
      if (!answer.ok) throw new Error(String(answer.status));
      const sheet = document.createElement("dialog");
      sheet.className = "sheet";
      sheet.setAttribute("aria-labelledby", "why-head");
      sheet.innerHTML = await answer.text();
      sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
      sheet.addEventListener("close", () => sheet.remove());
      document.body.append(sheet);
      sheet.showModal();
    } catch { location.assign(link.href); }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-why]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    explain(link);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || !event.target.matches?.("[data-why]")) return;
    event.preventDefault();
    explain(event.target);
  });
  document.addEventListener("results:shown", asks);
  asks();

  // Swiping: buttons, arrow keys, touch.
  const deck = document.querySelector("[data-deck]");
  if (deck) {
    const past = [], seen = new Set([...deck.children].map((card) => card.dataset.movie));
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
        await written();
        const answer = await fetch(deck.dataset.deck, { headers: { "HX-Request": "true" } });
        const fresh = document.createElement("template");
        fresh.innerHTML = answer.ok ? await answer.text() : "";
        for (const card of [...fresh.content.children]) {
          if (seen.has(card.dataset.movie)) continue;
          seen.add(card.dataset.movie);
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
})();
