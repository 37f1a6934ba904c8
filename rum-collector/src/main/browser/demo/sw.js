// Plan 4.2: the shell from the cache and renewed behind it, answers to queries likewise, mutations from the network, and what
// cannot be sent kept in IndexedDB until it can.
const VERSION = 'v1', SHELL = 'shell-' + VERSION, ANSWERS = 'answers-' + VERSION;
const FILES = ['/', '/app.css', '/app.mjs', '/model.mjs', '/offline.html', '/manifest.json'];
const ANSWERS_MAX = 60, QUEUE_MAX = 100, TRIES_MAX = 5, WAIT_MILLIS = 4000;

self.addEventListener('install', (event) => event.waitUntil(
  caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting())));
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (![SHELL, ANSWERS].includes(name)) await caches.delete(name);
  await self.clients.claim();
})()));

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin || url.pathname === '/api/vitals' || url.pathname.startsWith('/rum/')) return;
  if (url.pathname === '/api/graphql' && event.request.method === 'POST') event.respondWith(graphql(event));
  else if (event.request.method === 'GET' && !url.pathname.startsWith('/api/')) event.respondWith(shell(event));
});

async function shell(event) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(event.request, {ignoreSearch: true});
  const fresh = fetch(event.request).then((answer) => {
    if (answer.ok) cache.put(event.request, answer.clone());
    return answer;
  });
  if (kept) {
    event.waitUntil(fresh.catch(() => {}));
    return kept;
  }
  return fresh.catch(() => cache.match('/offline.html'));
}

// Who asks is part of what is asked: one person's answer is never shown to another.
async function name(request, body) {
  const text = (request.headers.get('authorization') || '') + body.operationName + JSON.stringify(body.variables || {});
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return new Request('/answers/' + [...new Uint8Array(bytes)].map((b) => b.toString(16)).join(''));
}

const SHARED = ['Exercises', 'PublicCommunityStats'];
async function graphql(event) {
  const request = event.request;
  const body = await request.clone().json();
  if (SHARED.includes(body.operationName)) return staleWhileRevalidate(event, request, body);
  try {
    return await patient(request.clone());
  } catch (problem) {
    if (body.operationName !== 'LogSet') throw problem;
    await keep({url: request.url, body, authorization: request.headers.get('authorization') || '', tries: 0});
    if (self.registration.sync) await self.registration.sync.register('queue').catch(() => {});
    return new Response(JSON.stringify({queued: true, data: null}), {status: 202, headers: {'content-type': 'application/json'}});
  }
}

// A gateway that finds nobody behind it is as good as no network.
async function reached(request) {
  const answer = await fetch(request);
  if (answer.status > 501) throw new Error('status ' + answer.status);
  return answer;
}

function patient(request) {
  return Promise.race([reached(request), new Promise((_, fail) => setTimeout(() => fail(new Error('too slow')), WAIT_MILLIS))]);
}

async function staleWhileRevalidate(event, request, body) {
  const cache = await caches.open(ANSWERS);
  const key = await name(request, body);
  const kept = await cache.match(key);
  const fresh = fetch(request).then(async (answer) => {
    const json = await answer.clone().json();
    if (answer.ok && json.data) {
      await cache.put(key, new Response(JSON.stringify(json), {headers: {'content-type': 'application/json', 'x-from-cache': '1'}}));
      const keys = await cache.keys();
      for (const old of keys.slice(0, Math.max(0, keys.length - ANSWERS_MAX))) await cache.delete(old);
    }
    return answer;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return kept;
}

function store(mode, work) {
  return new Promise((done, fail) => {
    const open = indexedDB.open('mm-queue', 1);
    open.onupgradeneeded = () => open.result.createObjectStore('requests', {autoIncrement: true});
    open.onerror = () => fail(open.error);
    open.onsuccess = () => {
      const transaction = open.result.transaction('requests', mode);
      const result = work(transaction.objectStore('requests'));
      transaction.oncomplete = () => { open.result.close(); done(result && result.result); };
      transaction.onerror = () => fail(transaction.error);
    };
  });
}

async function keep(entry) {
  const count = await store('readonly', (s) => s.count());
  if (count >= QUEUE_MAX) throw new Error('the queue is full');
  await store('readwrite', (s) => s.add(entry));
}

let sending = false, again = false;
async function send() {
  // Asked for while it sends, perhaps in vain still: once more after that.
  if (sending) {
    again = true;
    return;
  }
  sending = true;
  const start = performance.now();
  let synced = 0;
  try {
    do {
      again = false;
      synced += await sendAll();
    } while (again);
  } finally {
    sending = false;
  }
  if (synced) for (const client of await self.clients.matchAll()) client.postMessage({synced, millis: performance.now() - start});
}

async function sendAll() {
  let synced = 0;
  for (const key of await store('readonly', (s) => s.getAllKeys())) {
    const entry = await store('readonly', (s) => s.get(key));
    try {
      const headers = {'content-type': 'application/json', ...(entry.authorization && {authorization: entry.authorization})};
      const answer = await fetch(entry.url, {method: 'POST', body: JSON.stringify(entry.body), headers});
      if (answer.status > 499) throw new Error('status ' + answer.status);
      synced++;
      await store('readwrite', (s) => s.delete(key));
    } catch {
      entry.tries++;
      await store('readwrite', (s) => (entry.tries >= TRIES_MAX ? s.delete(key) : s.put(entry, key)));
      break;
    }
  }
  return synced;
}
self.addEventListener('sync', (event) => event.waitUntil(send()));
self.addEventListener('message', (event) => event.data === 'sync' && event.waitUntil(send()));
