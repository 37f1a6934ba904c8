// The same three operations as reference-api, over the same PostgreSQL and Redis, with the same keys, the same statements
// and the same rules: users and their statistics from Redis, the catalogue kept five seconds in this process, a set logged
// in one statement. Around them what such a service has and reference-api has too: tokens verified (found-good ones are
// remembered), requests and mutations counted in Redis, the user's rows alone visible in PostgreSQL, security headers, a
// trace id, and histograms of requests, operations and calls to the databases. One process, GraphQL compiled by mercurius,
// Redis commands of one turn of the loop sent together.
import Fastify from 'fastify'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import metrics from 'prom-client'
import mercurius from 'mercurius'
import Redis from 'ioredis'
import pg from 'pg'
import { createVerifier } from 'fast-jwt'
import { readFileSync } from 'node:fs'
import * as statements from './statements.js'
import { createPublicKey, randomBytes } from 'node:crypto'

const settings = Object.fromEntries(process.argv.slice(2).map(a => a.replace(/^--/, '').split(/=(.*)/s)))
const contract = readFileSync(settings.contract, 'utf8')
const key = createPublicKey({ key: JSON.parse(readFileSync(settings['signing-key'], 'utf8')), format: 'jwk' })

const redis = new Redis(settings['redis-uri'], { enableAutoPipelining: true })
const pool = new pg.Pool({ connectionString: settings['postgres-uri'], max: 16 })
const limited = settings['rate-limits'] === 'on'

const histogram = (name, labelNames) => new metrics.Histogram({ name, help: name, labelNames, buckets: [0.001, 0.005, 0.025, 0.1, 0.25, 1, 5] })
const requests = histogram('http_server_request_duration_seconds', ['http_request_method', 'http_route', 'http_response_status_code'])
const operations = histogram('graphql_server_operation_duration_seconds', ['graphql_operation_name', 'graphql_operation_type', 'outcome'])
const calls = histogram('db_client_operation_duration_seconds', ['db_system_name', 'db_operation_name'])
const hits = new metrics.Counter({ name: 'cache_requests_total', help: 'cache_requests_total', labelNames: ['cache_key_class', 'result'] })

// A child of a histogram is looked up once for its labels, not with each request.
const kept = new Map()
function child (metric, ...labels) {
  const key = metric.name + labels.join('|')
  let found = kept.get(key)
  if (!found) kept.set(key, found = metric.labels(...labels))
  return found
}

const since = began => (performance.now() - began) / 1000
async function timed (system, operation, work) {
  const began = performance.now()
  try {
    return await work()
  } finally {
    child(calls, system, operation).observe(since(began))
  }
}

// In the name of a user PostgreSQL shows that user's rows alone, until the end of the transaction.
async function as (user, query) {
  const client = await pool.connect()
  try {
    const [, , answer] = await Promise.all([
      client.query('begin'),
      client.query({ name: 'member', text: "select set_config('app.user_id', $1, true), set_config('role', 'musclemap_member', true)", values: [user] }),
      client.query(query),
      client.query('commit')
    ])
    return answer
  } finally {
    client.release()
  }
}
const verify = createVerifier({
  key: key.export({ type: 'spki', format: 'pem' }), algorithms: ['ES256'], cache: 20000, allowedIss: 'headroom-reference'
})
// Seeded data lives in its own time.
const clockRow = (await pool.query('select anchor, restored_at from data_set where restored_at is not null')).rows[0]
const offset = clockRow ? clockRow.anchor.getTime() - clockRow.restored_at.getTime() : 0
const now = () => new Date(Date.now() + offset)

// bigint and numeric as numbers, as the API sends them.
pg.types.setTypeParser(20, Number)
pg.types.setTypeParser(1700, Number)

class Refusal extends Error {
  constructor (code, message) {
    super(message)
    this.extensions = { code }
  }
}

function userOf (context) {
  if (!context.user) throw new Refusal('UNAUTHENTICATED', 'Authentication required')
  return context.user
}

async function own (key, seconds, make, keyClass = 'shared') {
  const found = await timed('redis', 'GET', () => redis.get(key))
  child(hits, keyClass, found === null ? 'miss' : 'hit').inc()
  if (found !== null) return JSON.parse(found)
  const made = await make()
  await redis.set(key, JSON.stringify(made), 'EX', seconds)
  return made
}

const near = new Map()
async function shared (key, seconds, make) {
  const kept = near.get(key)
  if (kept && kept.until > Date.now()) {
    child(hits, 'shared', 'hit').inc()
    return kept.value
  }
  const value = await own(key, seconds, make)
  near.set(key, { value, until: Date.now() + 5000 })
  return value
}

const all = () => shared('ref:exercises', 3600, async () => (await pool.query(statements.exercises)).rows)
const activations = () => shared('peer:activations', 3600, async () => {
  const by = {}
  const { rows } = await pool.query('select a.exercise_id, a.activation, m.bias_weight from exercise_activations a join muscles m on m.id = a.muscle_id order by 1, a.muscle_id')
  for (const row of rows) (by[row.exercise_id] ??= []).push({ activation: row.activation, bias: row.bias_weight })
  return by
})

function streaks (days, today) {
  const sorted = (days ?? []).map(d => Date.parse(d) / 86400000).sort((a, b) => a - b)
  let longest = 0
  let run = 0
  let last = -2
  for (const day of sorted) {
    run = day === last + 1 ? run + 1 : 1
    longest = Math.max(longest, run)
    last = day
  }
  return { longest, current: last >= today - 1 ? run : 0 }
}

async function stats (user) {
  return own('user:' + user + ':stats', 300, async () => {
    const row = (await timed('postgresql', 'stats.of_user', () => as(user, { name: 'stats', text: statements.stats, values: [user] }))).rows[0]
    if (!row) return {}
    const s = streaks(row.days, Math.floor(now() / 86400000))
    return {
      userId: row.id, level: row.current_level, xp: row.total_xp, xpToNextLevel: row.current_level * 1000 - row.total_xp,
      strength: Math.round(row.strength), endurance: Math.round(row.endurance), agility: Math.round(row.dexterity),
      flexibility: Math.round(row.constitution), balance: Math.round(row.power), mentalFocus: Math.round(row.vitality),
      totalWorkouts: row.total, totalExercises: row.exercises, currentStreak: s.current, longestStreak: s.longest, lastWorkoutAt: row.last
    }
  }, 'user_stats')
}

async function logSet (_, { input }, context) {
  const user = userOf(context)
  const exercise = (await all()).find(e => e.id === input.exerciseId)
  if (!exercise) throw new Refusal('NOT_FOUND', 'Exercise not found')
  const weight = input.weightKg ?? null
  const reps = input.reps ?? 0
  const share = ((await activations())[input.exerciseId] ?? []).reduce((sum, a) => sum + a.activation / 100 * a.bias, 0)
  const load = weight === null ? 0.7 : Math.max(0.5, Math.min(1.5, weight / 50))
  const units = Math.round(reps / 10 * load * share * 100) / 100
  const oneRm = weight === null ? null : Math.round(weight * (1 + reps / 30) * 100) / 100
  const at = now()
  const id = input.clientSetId ?? 'set_' + randomBytes(12).toString('hex')
  const row = (await timed('postgresql', 'set.log', () => as(user, {
    name: 'log-set',
    text: statements.logSet,
    values: [input.sessionId, user, user, input.exerciseId, id, input.exerciseId, input.setNumber, reps, weight, input.rpe ?? null,
      input.rir ?? null, input.durationSeconds ?? null, input.restSeconds ?? null, input.tag ?? 'working', input.notes ?? null, units, oneRm, at]
  }))).rows[0]
  if (!row) throw new Refusal('NOT_FOUND', 'Workout session not found')
  const records = []
  if (row.is_pr_weight && weight !== null) records.push({ exerciseId: input.exerciseId, prType: 'weight', newValue: weight })
  if (row.is_pr_reps) records.push({ exerciseId: input.exerciseId, prType: 'reps', newValue: reps })
  if (row.is_pr_1rm && oneRm !== null) records.push({ exerciseId: input.exerciseId, prType: '1rm', newValue: oneRm })
  return {
    session: {
      id: row.session_id, totalVolume: row.total_volume, totalReps: row.total_reps, estimatedCalories: row.estimated_calories,
      currentExerciseIndex: row.current_exercise_index, currentSetIndex: row.current_set_index
    },
    setLogged: {
      id, exerciseId: input.exerciseId, exerciseName: exercise.name, setNumber: input.setNumber, reps, weightKg: weight, rpe: input.rpe ?? null,
      tu: units, isPRWeight: row.is_pr_weight, isPRReps: row.is_pr_reps, isPR1RM: row.is_pr_1rm, performedAt: at.toISOString()
    },
    prsAchieved: records
  }
}

const resolvers = {
  Query: {
    me: (_, args, context) => {
      const user = userOf(context)
      return own('user:' + user, 300, async () => (await pool.query({ name: 'user', text: statements.user, values: [user] })).rows[0] ?? {}, 'user')
    },
    myStats: (_, args, context) => stats(userOf(context)),
    exercises: async (_, { limit }) => (await all()).slice(0, Math.max(1, Math.min(500, limit ?? 100)))
  },
  Mutation: { logSet }
}

function claimsOf (request) {
  const header = request.headers.authorization
  if (!header || !header.startsWith('Bearer ')) return null
  try {
    return verify(header.slice(7))
  } catch {
    return null
  }
}

const premium = claims => claims?.roles?.includes('premium')

const app = Fastify({ logger: false, bodyLimit: 10 * 1024 * 1024, trustProxy: 'loopback' })
app.decorateRequest('claims', null)
app.decorateRequest('began', 0)
app.addHook('onRequest', (request, reply, done) => {
  request.began = performance.now()
  request.claims = claimsOf(request)
  const parent = request.headers.traceparent
  reply.header('x-trace-id', parent && parent.length === 55 ? parent.slice(3, 35) : randomBytes(16).toString('hex'))
  reply.header('Cache-Control', 'private, no-store')
  done()
})
app.addHook('onResponse', (request, reply, done) => {
  child(requests, request.method, request.routeOptions.url ?? 'unmatched', reply.statusCode).observe(since(request.began))
  done()
})
await app.register(helmet, {
  contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  frameguard: { action: 'deny' },
  crossOriginResourcePolicy: { policy: 'same-site' },
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  strictTransportSecurity: false,
  dnsPrefetchControl: false,
  ieNoOpen: false,
  permittedCrossDomainPolicies: false,
  xssFilter: false
})
if (limited) {
  await app.register(rateLimit, {
    redis,
    nameSpace: 'peer:limit:',
    timeWindow: 60_000,
    keyGenerator: request => request.claims?.sub ?? request.ip,
    max: request => request.claims ? (premium(request.claims) ? 5000 : 1000) : 60
  })
}
app.register(mercurius, {
  schema: contract,
  resolvers,
  jit: 1,
  path: '/api/graphql',
  context: request => ({ user: request.claims?.sub ?? null, premium: premium(request.claims), began: performance.now(), name: 'other', type: 'query' })
})
app.get('/metrics', async (request, reply) => reply.type(metrics.register.contentType).send(await metrics.register.metrics()))
await app.ready()
app.graphql.addHook('preExecution', async (schema, document, context) => {
  const operation = document.definitions[0]
  context.name = operation.name?.value ?? 'other'
  context.type = operation.operation
  if (limited && context.user && context.type === 'mutation') {
    const max = context.premium ? 500 : 100
    const [current] = await redis.rateLimit('peer:limit:' + context.user + ':mutations', 60_000, max, false, false)
    if (current > max) throw new Refusal('TOO_MANY_REQUESTS', 'Too many of these')
  }
})
app.graphql.addHook('onResolution', async (execution, context) => {
  child(operations, context.name, context.type, execution.errors?.length ? 'rejected' : 'ok').observe(since(context.began))
})
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:' + app.server.address().port, pid: process.pid }))
process.on('SIGTERM', () => process.exit(0))
process.stdin.on('end', () => process.exit(0)).resume()
