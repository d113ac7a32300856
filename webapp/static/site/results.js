"use strict";
// Filters, orders, pages and further movies without a reload. Going back restores results and scroll position exactly.
// Progressive enhancement: the links and forms work without it, and after any error they do what they do without it.
(() => {
  const region = document.querySelector("[data-results]");
  if (!region) return;
  const announcer = document.querySelector("[data-announcer]"), words = JSON.parse(announcer.dataset.words);
  const announce = (text) => { announcer.textContent = text; };
  const SNAPSHOTS = 8, NOTES = 40, STORED = "results";
  const address = () => location.pathname + location.search;
  const unique = () => `${Date.now()}-${Math.random()}`;

  // Notes survive leaving the page: how far it was scrolled, what was open, how often "more" was pressed. No content.
  const notes = (() => { try { return JSON.parse(sessionStorage.getItem(STORED)) ?? {}; } catch { return {}; } })();
  // Snapshots are the elements of earlier states of this document.
  const snapshots = new Map();
  let key = history.state?.results, extended = 0, shown = address(), request = null;

  const parts = (selector) => [...region.querySelectorAll(selector)];
  const note = () => {
    delete notes[key]; // so that it becomes the latest
    notes[key] = {
      top: scrollY,
      extended,
      open: parts("details").flatMap((details, number) => details.open ? [number] : []),
      rows: parts("ul.row").map((row) => row.scrollLeft),
    };
    for (const old of Object.keys(notes).slice(0, -NOTES)) delete notes[old];
    try { sessionStorage.setItem(STORED, JSON.stringify(notes)); } catch { /* then only this document remembers */ }
  };
  const place = (noted) => {
    if (!noted) return;
    parts("details").forEach((details, number) => { details.open = noted.open.includes(number); });
    parts("ul.row").forEach((row, number) => { row.scrollTo({ left: noted.rows[number] ?? 0, behavior: "instant" }); });
    scrollTo({ top: noted.top, behavior: "instant" });
  };

  // Whatever leads back to this page follows its address.
  const follow = () => {
    shown = address();
    for (const element of document.querySelectorAll("[data-next]")) {
      if (element instanceof HTMLInputElement) element.value = shown;
      else { const url = new URL(element.href); url.searchParams.set("next", shown); element.href = url; }
    }
    document.dispatchEvent(new CustomEvent("results:shown"));
  };
  const leave = () => {
    const focused = region.contains(document.activeElement) ? document.activeElement : null;
    note();
    const kept = document.createDocumentFragment();
    kept.append(...region.childNodes);
    snapshots.delete(key);
    snapshots.set(key, { kept, focused, title: document.title, says: region.dataset.results });
    if (snapshots.size > SNAPSHOTS) snapshots.delete(snapshots.keys().next().value);
  };
  const show = (content, title, says) => {
    region.replaceChildren(...content);
    document.title = title;
    region.dataset.results = says;
    follow();
    announce(says);
  };

  // A new request cancels the one before it.
  const load = async (url, giveUp) => {
    request?.abort();
    const mine = request = new AbortController();
    region.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
      const page = answer.ok && new URL(answer.url).pathname === location.pathname ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
      const found = page?.querySelector("[data-results]");
      if (!found) throw new Error(`no results at ${url}`);
      return { content: [...found.childNodes], title: page.title, says: found.dataset.results };
    } catch {
      if (!mine.signal.aborted) giveUp();
      return null;
    } finally {
      if (request === mine) { request = null; region.removeAttribute("aria-busy"); }
    }
  };
  const extend = async (link) => {
    const mine = request = new AbortController();
    const answer = await fetch(link.href, { signal: mine.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = document.createElement("template"), item = link.closest("li");
    fresh.innerHTML = await answer.text();
    const first = fresh.content.querySelector("h2 a");
    mine.signal.throwIfAborted();
    item.replaceWith(fresh.content);
    region.querySelector(".pager")?.remove(); // it counts from a page that is no longer the only one
    extended += 1;
    document.dispatchEvent(new CustomEvent("results:shown"));
    return first;
  };
  const extendAgain = async (times) => {
    for (let link; extended < times && (link = region.querySelector("[data-more]"));) await extend(link);
  };

  // The same link or field in the new results, by its id or by its group and text.
  const named = (element) => {
    const group = element.closest("[aria-labelledby], ul[aria-label], nav");
    const text = (element.querySelector("bdi, span") ?? element).firstChild?.textContent.trim();
    return element.id || [group?.getAttribute("aria-labelledby") ?? group?.getAttribute("aria-label"), element.name, text].join("|");
  };
  const focus = (wanted) => {
    const found = wanted && parts("a[href], button, input, select").find((element) => named(element) === wanted);
    const target = found || region.querySelector("h1");
    if (!found) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
  const outer = () => parts("details:not(li details)");
  const part = (details) => `${details.className}|${details.closest("[aria-labelledby]")?.getAttribute("aria-labelledby")}`;

  const visit = async (url, from) => {
    const page = await load(url, () => location.assign(url));
    if (!page) return;
    const paging = from.matches("[rel=next], [rel=prev]"), top = paging ? 0 : scrollY;
    const wanted = paging ? "" : named(from), open = outer().filter((details) => details.open).map(part);
    leave();
    [key, extended] = [unique(), 0];
    history.pushState({ results: key }, "", url);
    show(page.content, page.title, page.says);
    for (const details of outer()) if (open.includes(part(details))) details.open = true;
    focus(wanted);
    scrollTo({ top, behavior: "instant" });
  };
  const more = async (link) => {
    const item = link.closest("li");
    item.setAttribute("aria-busy", "true");
    try {
      const first = await extend(link);
      first?.focus({ preventScroll: true });
      announce(words.shown.replace("{n}", parts(".result").length));
    } catch { if (item.isConnected) location.assign(link.href); }
  };

  const ours = (url) => url.origin === location.origin && url.pathname === location.pathname && !url.hash;
  region.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
    if (!ours(new URL(link.href))) return;
    event.preventDefault();
    if (link.matches("[data-more]")) more(link);
    else visit(link.href, link);
  });
  region.addEventListener("submit", (event) => {
    const form = event.target, url = new URL(form.action);
    if (event.defaultPrevented || form.method !== "get" || !ours(url)) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => value !== "");
    url.search = new URLSearchParams(fields);
    visit(url.href, form.contains(document.activeElement) ? document.activeElement : form);
  });
  // Fields that apply at once.
  region.addEventListener("change", (event) => { if (event.target.matches("[data-apply]")) event.target.form.requestSubmit(); });

  addEventListener("popstate", async (event) => {
    const wanted = event.state?.results, kept = snapshots.get(wanted);
    if (address() === shown && !kept) { // a fragment of the same page
      if (wanted) { key = wanted; place(notes[key]); } else { note(); key = unique(); history.replaceState({ results: key }, ""); }
      return;
    }
    request?.abort();
    if (kept) {
      leave();
      key = wanted;
      extended = notes[key]?.extended ?? 0;
      snapshots.delete(key);
      show([...kept.kept.childNodes], kept.title, kept.says);
      kept.focused?.focus({ preventScroll: true });
      place(notes[key]);
      return;
    }
    const page = await load(location.href, () => location.reload());
    if (!page) return;
    leave();
    [key, extended] = [wanted ?? unique(), 0];
    show(page.content, page.title, page.says);
    await extendAgain(notes[key]?.extended ?? 0);
    place(notes[key]);
  });
  addEventListener("pagehide", note);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") note(); });

  history.scrollRestoration = "manual";
  if (key && notes[key]) {
    const noted = notes[key];
    extendAgain(noted.extended).catch(() => undefined).then(() => place(noted));
  } else {
    key ??= unique();
    history.replaceState({ ...history.state, results: key }, "");
  }
})();
