// The page as the scaling plan has it: a small shell at once, the rest by what the connection can carry.
const $ = (id) => document.getElementById(id);
const link = navigator.connection || {};

// Plan 4.3. The browser's word for its connection, and save-data, which counts as 2g.
export function tier(effectiveType, saveData) {
  if (saveData || effectiveType === '2g' || effectiveType === 'slow-2g') return 'minimal';
  return effectiveType === '3g' ? 'reduced' : 'full';
}
const LEVEL = tier(link.effectiveType, link.saveData);
const ADAPTED = {
  full: {map: 'moving', prefetch: true, pollMillis: 5000, exercises: 24},
  reduced: {map: 'still', prefetch: false, pollMillis: 30000, exercises: 12},
  minimal: {map: 'words', prefetch: false, pollMillis: 0, exercises: 6}
}[LEVEL];
document.documentElement.dataset.level = LEVEL;

let rum;
const later = [];
const measure = (name, millis) => (rum ? rum.measure(name, millis) : later.push([name, millis]));

const QUERIES = {
  PublicCommunityStats: 'query PublicCommunityStats { publicCommunityStats { activeNow { value display } totalUsers { value display } totalWorkouts { value display } } }',
  Exercises: 'query Exercises($limit: Int) { exercises(limit: $limit) { id name type primaryMuscles difficulty } }',
  Login: 'mutation Login($input: LoginInput!) { login(input: $input) { token } }',
  ActiveWorkoutSession: 'query ActiveWorkoutSession { activeWorkoutSession { id sets { id } } }',
  StartWorkoutSession: 'mutation StartWorkoutSession($input: StartWorkoutSessionInput) { startWorkoutSession(input: $input) { session { id sets { id } } } }',
  LogSet: 'mutation LogSet($input: LogSetInput!) { logSet(input: $input) { session { id totalVolume } setLogged { id exerciseName setNumber } } }'
};
const hashes = {};
async function hash(text) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

let token = '';
async function post(body) {
  const start = performance.now();
  const answer = await fetch('/api/graphql', {
    method: 'POST', body: JSON.stringify(body),
    headers: {'content-type': 'application/json', ...(token && {authorization: 'Bearer ' + token})}
  });
  const json = await answer.json();
  if (!answer.headers.get('x-from-cache')) measure('graphql_latency_ms', performance.now() - start);
  return json;
}

// Persisted: the hash alone; the words too only for a server that does not know it.
async function ask(operationName, variables) {
  const query = QUERIES[operationName];
  const sha256Hash = hashes[operationName] ||= await hash(query);
  const body = {operationName, variables, extensions: {persistedQuery: {version: 1, sha256Hash}}};
  const known = localStorage['mm-persisted'] === 'no' ? {errors: [{message: 'PersistedQueryNotFound'}]} : await post(body);
  const missing = known.errors && !known.data && !known.queued;
  if (!missing) return known;
  // A server without persisted queries answers so each time: it is asked once.
  if (!known.errors.some((e) => /PersistedQueryNotFound/.test(e.message + (e.extensions?.code || '')))) localStorage['mm-persisted'] = 'no';
  const whole = await post({...body, query});
  if (whole.errors && !whole.queued) throw new Error(whole.errors[0].message);
  return whole;
}

function text(parent, name, words, child) {
  const e = document.createElement(name);
  e.textContent = words;
  if (child) e.append(child);
  parent.append(e);
  return e;
}

async function stats() {
  const {data} = await ask('PublicCommunityStats', {});
  const s = data && data.publicCommunityStats;
  if (s) $('stats').textContent = `${s.activeNow.display} training now · ${s.totalUsers.display} people · ${s.totalWorkouts.display} workouts`;
}

async function exercises() {
  const {data} = await ask('Exercises', {limit: ADAPTED.exercises});
  const list = document.createDocumentFragment();
  const choice = document.createDocumentFragment();
  for (const e of data.exercises) {
    const item = text(list, 'li', e.name);
    text(item, 'small', [e.type, ...(e.primaryMuscles || []).slice(0, 2)].join(' · '));
    choice.append(new Option(e.name, e.id));
  }
  $('exercises').replaceChildren(list);
  $('log').exercise.replaceChildren(choice);
}

async function map() {
  if (ADAPTED.map === 'words') {
    text($('map'), 'p', 'Chest · back · shoulders · arms · core · legs');
    return;
  }
  const start = performance.now();
  const model = await import('/model.mjs');
  model.draw($('map'), ADAPTED.map === 'moving' && !matchMedia('(prefers-reduced-motion: reduce)').matches);
  measure('model_load_ms', performance.now() - start);
}

// The demo person, who has a workout under way.
async function session() {
  if (!token) token = (await ask('Login', {input: {email: 'user0@headroom.example', password: 'headroom-0'}})).data.login.token;
  const active = (await ask('ActiveWorkoutSession', {})).data.activeWorkoutSession;
  return active || (await ask('StartWorkoutSession', {input: {clientId: crypto.randomUUID()}})).data.startWorkoutSession.session;
}

let workout, logged = 0;
$('log').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    workout ||= await session();
    const input = {
      sessionId: workout.id, exerciseId: form.exercise.value, setNumber: workout.sets.length + ++logged,
      reps: Number(form.reps.value), weightKg: Number(form.weight.value), clientSetId: crypto.randomUUID()
    };
    const answer = await ask('LogSet', {input});
    $('logged').textContent = answer.queued ? 'Kept on this device: sent when you are back online.' : 'Set logged.';
    if (logged === 1) measure('first_workout_log_ms', performance.now());
  } catch (problem) {
    $('logged').textContent = 'Not logged: ' + problem.message;
  }
});

function network() {
  $('net').textContent = navigator.onLine ? '' : 'offline';
  if (navigator.onLine) navigator.serviceWorker?.controller?.postMessage('sync');
}

performance.mark('mm-interactive');
network();
addEventListener('online', network);
addEventListener('offline', network);
navigator.serviceWorker?.addEventListener('message', (event) => {
  if (event.data.synced) {
    measure('offline_sync_ms', event.data.millis);
    $('logged').textContent = event.data.synced + ' sent that waited.';
  }
});
await Promise.allSettled([stats(), exercises()]);
performance.mark('mm-data');
const idle = window.requestIdleCallback || ((f) => setTimeout(f, 200));
idle(async () => {
  await map();
  if ('serviceWorker' in navigator) await navigator.serviceWorker.register('/sw.js');
  rum = await import('/rum/headroom-rum.mjs');
  rum.init({release: '0.1.0', route: (url) => new URL(url || location.href).pathname});
  later.splice(0).forEach(([name, millis]) => rum.measure(name, millis));
  document.body.dataset.ready = 'yes';
});
if (ADAPTED.pollMillis) setInterval(() => document.visibilityState === 'visible' && navigator.onLine && stats().catch(() => {}), ADAPTED.pollMillis);
