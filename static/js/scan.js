/* Tickets at the door. Every scan goes into the phone's own store first and is sent when there is a network; the portal counts each nonce once. */
(() => {
  "use strict";

  const root = document.getElementById("scan");
  if (!root) return;
  const $ = (name) => document.getElementById(`scan-${name}`);
  const words = JSON.parse($("words").textContent);
  const KEY = `scan:${root.dataset.sheet}:`;
  const BATCH = 100, LONGEST_WAIT_S = 60, POLL_S = 60, TIMEOUT_S = 20, SAME_SQUARE_MS = 3000;
  const PRESENT = ["present", "marked", "already", "queued"];

  // -- the phone's own store: an entry for each scan, so that two windows do not overwrite each other ----------
  const memory = new Map();
  const store = {
    keys: () => { try { return Object.keys(localStorage).filter((key) => key.startsWith(KEY)); } catch { return [...memory.keys()]; } },
    get: (key) => { try { return localStorage.getItem(key); } catch { return memory.get(key) ?? null; } },
    set: (key, text) => { try { localStorage.setItem(key, text); } catch { memory.set(key, text); note(words.cannot_store); } },
    drop: (key) => { try { localStorage.removeItem(key); } catch { memory.delete(key); } memory.delete(key); },
  };
  const queue = () => [...new Set([...store.keys(), ...memory.keys()])].filter((key) => key.startsWith(`${KEY}q:`))
    .map((key) => JSON.parse(store.get(key) ?? memory.get(key))).sort((a, b) => a.at - b.at);

  // -- the list ---------------------------------------------------------------------------------------------
  const lines = new Map([...$("people").children].map((line) => [line.dataset.code, line]));
  const show = (code) => {
    const line = lines.get(code);
    if (!line) return;
    const mark = line.dataset.mark;
    line.querySelector(".scan-mark").textContent = words[mark] || "";
    line.classList.toggle("scan-here", PRESENT.includes(mark));
    line.querySelector("button").hidden = Boolean(mark);
  };
  const set = (code, mark) => {
    const line = lines.get(code);
    if (line) { line.dataset.mark = mark; show(code); }
  };
  const nameOf = (code) => lines.get(code)?.querySelector("strong").textContent || code.toUpperCase();
  const count = () => {
    const here = [...lines.values()].filter((line) => PRESENT.includes(line.dataset.mark)).length;
    $("count").textContent = `${here} / ${lines.size}`;
  };
  const note = (text) => { $("note").textContent = text || ""; };
  const state = (sending) => {
    const left = queue().length;
    $("state").textContent = left ? (sending ? words.sending : words.unsent.replace("%s", left)) : words.all_sent;
    $("state").dataset.left = left;
    $("forget").hidden = left > 0;
    count();
  };
  const tell = (text, good) => {
    const last = $("last");
    last.hidden = false;
    last.textContent = text;
    last.className = `scan-last ${good ? "scan-good" : "scan-bad"}`;
    if (navigator.vibrate) navigator.vibrate(good ? 60 : [80, 60, 80]);
  };

  // -- a scan -----------------------------------------------------------------------------------------------
  const codeIn = (text) => {
    const code = text.trim().replace(/\/+$/, "").split("/").pop().replace(/[\s-]/g, "").toLowerCase();
    return /^[abcdefghjkmnpqrstuvwxyz2-9]{10}$/.test(code) ? code : "";
  };
  const nonce = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const take = (code) => {
    const before = lines.get(code)?.dataset.mark || store.get(`${KEY}d:${code}`);
    if (before) return tell(`${nameOf(code)}: ${PRESENT.includes(before) ? words.already : words[before]}`, PRESENT.includes(before));
    if (queue().some((entry) => entry.code === code)) return tell(`${nameOf(code)}: ${words.already}`, true);
    const entry = { nonce: nonce(), code, at: Date.now() };
    store.set(`${KEY}q:${entry.nonce}`, JSON.stringify(entry));
    set(code, "queued");
    tell(lines.has(code) ? `✓ ${nameOf(code)}` : `${nameOf(code)}: ${words.not_listed}`, lines.has(code));
    state();
    send();
  };

  // -- sending ----------------------------------------------------------------------------------------------
  let busy = false, failures = 0, timer = 0;
  const later = () => {
    window.clearTimeout(timer);
    failures += 1;
    timer = window.setTimeout(send, Math.min(LONGEST_WAIT_S, 2 ** failures) * 1000 * (0.75 + Math.random() / 2));
  };
  const answered = (entries, answer) => {
    for (const { nonce: key, code } of entries) {
      const outcome = answer.outcomes[key];
      if (!outcome) continue;
      store.drop(`${KEY}q:${key}`);
      store.set(`${KEY}d:${code}`, outcome);
      set(code, outcome === "unknown" || outcome === "elsewhere" ? "" : outcome);
      if (!["marked", "already"].includes(outcome)) tell(`${nameOf(code)}: ${words[outcome]}`, false);
    }
    for (const code of answer.present) if (!lines.get(code)?.dataset.mark) set(code, "present");
  };
  const freshToken = async () => {
    const response = await fetch(location.pathname, { credentials: "same-origin", redirect: "manual" });
    if (!response.ok) return false;
    const page = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("scan");
    if (!page) return false;
    const changed = root.dataset.token !== page.dataset.token;
    root.dataset.token = page.dataset.token;
    return changed;
  };
  const post = async (entries) => {
    const stop = new AbortController(), clock = window.setTimeout(() => stop.abort(), TIMEOUT_S * 1000);
    try {
      return await fetch(root.dataset.send, {
        method: "POST", credentials: "same-origin", redirect: "manual", signal: stop.signal,
        headers: { "Content-Type": "application/json", "X-CSRFToken": root.dataset.token },
        body: JSON.stringify({ starts: root.dataset.starts, scans: entries }),
      });
    } finally {
      window.clearTimeout(clock);
    }
  };
  const complaint = async (response) => {
    if (response.type === "opaqueredirect" || response.status === 403) return words.signed_out;
    if (response.status === 404) return words.no_longer;
    if (response.status === 409 || response.status === 422) return (await response.json()).error;
    return words.trouble;
  };
  async function send() {
    window.clearTimeout(timer);
    if (busy) return;
    busy = true;
    let again = false;
    const entries = queue().slice(0, BATCH);
    state(navigator.onLine);
    try {
      let response = await post(entries);
      if (response.status === 403 && (await freshToken())) response = await post(entries);
      if (response.ok) {
        answered(entries, await response.json());
        failures = 0;
        note("");
        again = queue().length > 0;
      } else {
        note(await complaint(response));
        later();
      }
    } catch {
      note(words.offline);
      later();
    } finally {
      busy = false;
      state();
    }
    if (again) send();
  }

  // -- hands: list, typed codes and names ---------------------------------------------------------------------
  $("people").addEventListener("click", (event) => {
    if (event.target.closest("button")) take(event.target.closest("li").dataset.code);
  });
  $("form").addEventListener("submit", (event) => {
    event.preventDefault();
    const input = $("typed"), typed = input.value.trim();
    if (!typed) return;
    const found = [...lines.values()].filter((line) => !line.hidden);
    const code = codeIn(typed) || (found.length === 1 ? found[0].dataset.code : "");
    if (!code) return tell(found.length ? words.several : words.nobody, false);
    take(code);
    input.value = "";
    input.dispatchEvent(new Event("input"));
    input.focus();
  });

  // -- camera -------------------------------------------------------------------------------------------------
  const video = $("video"), camera = $("camera");
  let eye = null, looking = 0, lastSeen = "", lastAt = 0;
  const look = async () => {
    try {
      for (const square of await eye.detect(video)) {
        const code = codeIn(square.rawValue);
        if (square.rawValue === lastSeen && Date.now() - lastAt < SAME_SQUARE_MS) continue;
        [lastSeen, lastAt] = [square.rawValue, Date.now()];
        if (code) take(code);
        else tell(words.unknown, false);
      }
    } catch { /* a frame that was not ready */ }
    if (video.srcObject) looking = window.setTimeout(look, 250);
  };
  const closeCamera = () => {
    window.clearTimeout(looking);
    video.srcObject?.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    video.hidden = true;
  };
  const openCamera = async () => {
    try {
      eye = new window.BarcodeDetector({ formats: ["qr_code"] });
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      await video.play();
      look();
    } catch {
      closeCamera();
      tell(words.no_camera, false);
    }
  };
  if ("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
    camera.hidden = false;
    camera.addEventListener("click", () => (video.srcObject ? closeCamera() : openCamera()));
  }

  // -- keeping the page for the hour without a network ---------------------------------------------------------
  const ask = (worker, message) => new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data === "done");
    worker.postMessage(message, [channel.port2]);
  });
  const parts = () => {
    const named = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
    const loaded = performance.getEntriesByType("resource").filter((part) => ["css", "link", "script", "img"].includes(part.initiatorType)).map((part) => part.name);
    return [...new Set([...named, ...loaded])].filter((address) => new URL(address).origin === location.origin);
  };
  const keepPage = async () => {
    if (!navigator.serviceWorker) return void ($("kept").textContent = words.not_kept);
    try {
      const registration = await navigator.serviceWorker.register(root.dataset.worker, { scope: location.pathname });
      const worker = registration.active || await new Promise((resolve) => {
        const coming = registration.installing || registration.waiting;
        coming.addEventListener("statechange", () => coming.state === "activated" && resolve(coming));
      });
      if (navigator.onLine) await document.fonts?.ready;
      if (!navigator.onLine || await ask(worker, { page: location.href, parts: parts() })) $("kept").textContent = words.kept;
    } catch {
      if (!navigator.serviceWorker.controller) $("kept").textContent = words.not_kept;
      else $("kept").textContent = words.kept;
    }
  };
  $("forget").addEventListener("click", async () => {
    store.keys().forEach(store.drop);
    const registration = await navigator.serviceWorker?.getRegistration(location.pathname);
    if (registration?.active) await ask(registration.active, { forget: true });
    await registration?.unregister();
    location.assign(root.dataset.list);
  });

  // -- start ----------------------------------------------------------------------------------------------------
  for (const [code, line] of lines) {
    const kept = store.get(`${KEY}d:${code}`);
    if (!line.dataset.mark && kept && kept !== "closed") line.dataset.mark = kept;
    show(code);
  }
  for (const { code } of queue()) if (!lines.get(code)?.dataset.mark) set(code, "queued");
  state();
  window.addEventListener("online", () => { failures = 0; send(); });
  window.addEventListener("offline", () => note(words.offline));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") send(); });
  window.setInterval(() => { if (!queue().length && document.visibilityState === "visible" && navigator.onLine) send(); }, POLL_S * 1000);
  send();
  keepPage();
})();
