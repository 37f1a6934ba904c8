// What a page loads to tell the collector how fast it was. Beside web-vitals (vendor/) this is all of it.
// Assembled by BrowserScript: lines of comment and indentation go, `webVitals` is the library.
const d = document, n = navigator, w = window;
const S = 'headroom-rum';

// One page view until it is hidden: metrics by name and id, custom values, a sequence number.
let o, on = 0, seq = 0, m = new Map(), c = [], start, urlNow;
const p = id(), rnd = Math.random();

function id() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((b) => (b + 256).toString(16).slice(1)).join('');
}

// New each visit: it lives as long as the tab, is no cookie, and leaves the collector as the number of a group only.
function session() {
  try {
    const s = sessionStorage;
    return s[S] || (s[S] = id());
  } catch {
    return p;
  }
}

// The path alone, or the template that the application's router knows.
function route(url) {
  const r = o.route && o.route(url);
  return r || new URL(url || location.href, location.href).pathname;
}

// The trace of a request, if its answer named one.
function trace(entry) {
  const t = entry && (entry.serverTiming || []).find((s) => s.name == 'traceparent');
  return t && t.description;
}

// Which element, without what the page says.
function keep(metric) {
  const a = metric.attribution || {};
  const target = a.target || a.interactionTarget || a.largestShiftTarget;
  start = trace(a.navigationEntry) || start;
  m.set(metric.id, {
    n: metric.name, v: +metric.value.toFixed(4), id: metric.id, nt: metric.navigationType,
    u: route(metric.navigationURL), ...(target && {a: {target}})
  });
}

function beacon() {
  const k = n.connection || {};
  // A page from an edge or a cache has no trace of its own: then that of the first request that has one.
  if (!start) start = performance.getEntriesByType('resource').map(trace).find((t) => t);
  return JSON.stringify({
    v: 1, s: session(), p, q: seq++, t: Date.now(), u: route(), rel: o.release, sr: o.rate, tp: start,
    ect: k.effectiveType, rtt: k.rtt, dl: k.downlink, sd: k.saveData || undefined, wd: n.webdriver || undefined,
    st: o.test, m: [...m.values()].slice(0, 60), c: c.splice(0, 60)
  });
}

// What could not be sent waits in localStorage: at most 20 beacons, 64 KiB, a day. The oldest go first.
function queue(add, at) {
  try {
    let q = JSON.parse(localStorage[S] || '[]').filter((b) => Date.now() - b[0] < 864e5);
    if (add) q.push([at || Date.now(), add]);
    q = q.slice(-20);
    while (JSON.stringify(q).length > 65536) q.shift();
    localStorage[S] = JSON.stringify(q);
    return q;
  } catch {
    return [];
  }
}

// Sends now; what does not arrive, or is refused for now, waits for later.
async function post(body, at) {
  try {
    const r = await fetch(o.url, {method: 'POST', body, keepalive: true, credentials: 'omit', headers: {'content-type': 'text/plain'}});
    if (r.status == 429 || r.status > 499) queue(body, at);
  } catch {
    queue(body, at);
  }
}

async function drain() {
  const q = queue();
  if (!q.length || !n.onLine) return;
  try {
    localStorage.removeItem(S);
  } catch {}
  for (const [at, body] of q) await post(body, at);
}

// One beacon when the page is hidden: pagehide would make a second one of it.
function hidden() {
  if (d.visibilityState != 'hidden' || !(m.size || c.length)) return;
  const body = beacon();
  m.clear();
  // A string goes without preflight; a queue that is full, or no network, keeps it for later.
  if (!n.onLine || !n.sendBeacon(o.url, body)) queue(body);
}

/** Begins to measure. Does nothing for whoever asks not to be measured, or is not in the sample. */
function init(options) {
  o = {url: '/api/vitals', rate: 1, ...options};
  if (on || n.globalPrivacyControl || n.doNotTrack == '1' || w.doNotTrack == '1' || rnd >= o.rate) return false;
  on = 1;
  const v = webVitals, soft = {reportSoftNavs: true, reportAllChanges: false};
  for (const f of [v.onLCP, v.onINP, v.onCLS, v.onFCP, v.onTTFB]) f(keep, soft);
  // After the library's own listeners, so that their last values are in.
  d.addEventListener('visibilitychange', hidden);
  w.addEventListener('online', drain);
  drain();
  return true;
}

/** One value of the application's own, in milliseconds: first_workout_log_ms, model_load_ms, graphql_latency_ms, offline_sync_ms. */
function measure(name, ms) {
  if (on && c.length < 60) c.push({n: name, v: Math.round(ms * 10) / 10, u: route()});
}

/** Wraps fetch: times of GraphQL requests, as the page sees them. */
async function timed(input, options) {
  const t = performance.now();
  const r = await fetch(input, options);
  measure('graphql_latency_ms', performance.now() - t);
  return r;
}
