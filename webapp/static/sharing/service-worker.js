"use strict";
// Shows a page of its own while there is no connection. Everything else is left to the browser and its cache.
const CACHE = "offline", PAGE = "/offline", DAY = 24 * 3600 * 1000;

const store = async () => {
  const cache = await caches.open(CACHE), page = await fetch(PAGE);
  if (!page.ok) return;
  const text = await page.clone().text();
  await cache.addAll(new Set([...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((match) => match[1])));
  await cache.put(PAGE, page);
};

// The page is fetched again once a day, for a new version or another language.
const refresh = async () => {
  const page = await caches.match(PAGE);
  const age = Date.now() - Date.parse(page?.headers.get("date") ?? "");
  if (!(age < DAY)) await store().catch(() => {}); // the connection may be lost meanwhile: the old page stays
};

addEventListener("install", (event) => {
  // Events sent while a page is left (POST) must not pass through this worker, which may be stopped meanwhile: they would
  // be lost. Browsers without static routes fail here, and go without the page.
  event.waitUntil(event.addRoutes([{ condition: { requestMethod: "POST" }, source: "network" }]).then(store).then(() => skipWaiting()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(async (error) => {
      const page = await caches.match(PAGE);
      if (!page) throw error;
      return page;
    }));
    event.waitUntil(refresh());
  } else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(async (error) => {
      const file = await caches.match(request);
      if (!file) throw error;
      return file;
    }));
  }
});
