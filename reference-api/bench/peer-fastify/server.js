// The same three operations as reference-api, over the same PostgreSQL and Redis, with the same keys, the same statement
// and the same rules: users and their statistics from Redis, the catalogue kept five seconds in this process, a set logged
// in one statement. Found-good tokens are remembered. One process, GraphQL compiled by mercurius.
import Fastify from 'fastify'
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

async function own (key, seconds, make) {
  const found = await redis.get(key)
  if (found !== null) return JSON.parse(found)
  const made = await make()
  await redis.set(key, JSON.stringify(made), 'EX', seconds)
  return made
}

const near = new Map()
async function shared (key, seconds, make) {
  const kept = near.get(key)
  if (kept && kept.until > Date.now()) return kept.value
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
    const row = (await pool.query({ name: 'stats', text: statements.stats, values: [user] })).rows[0]
    if (!row) return {}
    const s = streaks(row.days, Math.floor(now() / 86400000))
    return {
      userId: row.id, level: row.current_level, xp: row.total_xp, xpToNextLevel: row.current_level * 1000 - row.total_xp,
      strength: Math.round(row.strength), endurance: Math.round(row.endurance), agility: Math.round(row.dexterity),
      flexibility: Math.round(row.constitution), balance: Math.round(row.power), mentalFocus: Math.round(row.vitality),
      totalWorkouts: row.total, totalExercises: row.exercises, currentStreak: s.current, longestStreak: s.longest, lastWorkoutAt: row.last
    }
  })
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
  const row = (await pool.query({
    name: 'log-set',
    text: statements.logSet,
    values: [input.sessionId, user, user, input.exerciseId, id, input.exerciseId, input.setNumber, reps, weight, input.rpe ?? null,
      input.rir ?? null, input.durationSeconds ?? null, input.restSeconds ?? null, input.tag ?? 'working', input.notes ?? null, units, oneRm, at]
  })).rows[0]
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
      return own('user:' + user, 300, async () => (await pool.query({ name: 'user', text: statements.user, values: [user] })).rows[0] ?? {})
    },
    myStats: (_, args, context) => stats(userOf(context)),
    exercises: async (_, { limit }) => (await all()).slice(0, Math.max(1, Math.min(500, limit ?? 100)))
  },
  Mutation: { logSet }
}

const app = Fastify({ logger: false, bodyLimit: 10 * 1024 * 1024 })
app.register(mercurius, {
  schema: contract,
  resolvers,
  jit: 1,
  path: '/api/graphql',
  context: request => {
    const header = request.headers.authorization
    if (!header || !header.startsWith('Bearer ')) return { user: null }
    try {
      return { user: verify(header.slice(7)).sub }
    } catch {
      return { user: null }
    }
  }
})
await app.ready()
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ ready: true, url: 'http://127.0.0.1:' + app.server.address().port, pid: process.pid }))
process.on('SIGTERM', () => process.exit(0))
process.stdin.on('end', () => process.exit(0)).resume()
