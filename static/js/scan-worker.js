/* Keeps one page of scanning, and what it is made of, so that it opens without a network for half a day. */
"use strict";

const SHELF = "scan-1";
const KEEP_MS = 12 * 60 * 60 * 1000;
const PATIENCE_MS = 4000;
const KEPT_AT = "x-kept-at";

const stamped = async (response) => {
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, String(Date.now()));
  return new Response(await response.blob(), { status: response.status, headers });
};
const isPage = (response) => response.ok && response.type === "basic" && !response.redirected;

const sweep = async () => {
  const shelf = await caches.open(SHELF);
  for (const request of await shelf.keys()) {
    const kept = await shelf.match(request);
    if (Date.now() - Number(kept.headers.get(KEPT_AT)) > KEEP_MS) await shelf.delete(request);
  }
};

const keep = async (page, parts) => {
  const shelf = await caches.open(SHELF);
  await Promise.all(
    [page, ...parts].map(async (address) => {
      const response = await fetch(address, { credentials: "same-origin" });
      if (!isPage(response)) throw new Error(address);
      await shelf.put(address, await stamped(response));
    }),
  );
};

const fromNetwork = async (request, shelf) => {
  const response = await fetch(request);
  if (isPage(response)) await shelf.put(request.url, await stamped(response.clone()));
  else if (response.status < 500) await shelf.delete(request.url); // signed out, or no longer theirs: nothing stays here
  return response;
};

const openPage = async (request) => {
  const shelf = await caches.open(SHELF);
  await sweep();
  const kept = await shelf.match(request.url);
  if (!kept) return fromNetwork(request, shelf);
  const soon = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE_MS));
  const live = fromNetwork(request, shelf).then((response) => (response.status >= 500 ? kept : response));
  return Promise.race([live.catch(() => kept), soon]);
};

const openPart = async (request) => (await (await caches.open(SHELF)).match(request.url)) || fetch(request);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(Promise.all([sweep(), self.clients.claim()])));
self.addEventListener("message", (event) => {
  const { page, parts, forget } = event.data || {};
  const done = forget ? caches.delete(SHELF) : keep(page, parts);
  const answer = (word) => event.ports[0] && event.ports[0].postMessage(word);
  event.waitUntil(done.then(() => answer("done"), () => answer("failed")));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(openPage(request));
  else if (request.destination) event.respondWith(openPart(request));
});
