// reference-api's own statements: the same work for the database.

export const user = `
select u.id, u.email, u.username, u.display_name as "displayName", u.avatar_url as "avatar", u.current_level as "level", u.total_xp as "xp", u.roles, u.created_at as "createdAt" from users u where u.id = $1
`

export const stats = `
select u.id, u.current_level, u.total_xp, s.strength, s.endurance, s.dexterity, s.constitution, s.power, s.vitality, (select count(distinct exercise_id) from workout_sets where user_id = u.id) as exercises, w.total, w.last, w.days from users u join character_stats s on s.user_id = u.id, lateral (select count(*) as total, max(created_at) as last, array_agg(distinct date::text) as days from workouts where user_id = u.id) w where u.id = $1
`

export const exercises = `
select id, name, description, type, primary_muscles as "primaryMuscles", array[]::text[] as "secondaryMuscles", equipment_required || equipment_optional as "equipment", difficulty::text as "difficulty", string_to_array(cues, '; ') as "instructions", array[]::text[] as "tips", image_url as "imageUrl", video_url as "videoUrl" from exercises order by id
`

export const logSet = `
with s as (
    select id, user_id from active_workout_sessions where id = $1 and user_id = $2 and total_sets < 500 for update
), best as (
    select max(weight) as weight, max(reps) as reps, max(estimated_1rm) as one_rm
    from workout_sets where user_id = $3 and exercise_id = $4
), logged as (
    insert into workout_sets (id, session_id, user_id, exercise_id, set_number, reps, weight, rpe, rir, duration_seconds,
        rest_seconds, tag, notes, tu, estimated_1rm, performed_at, is_pr_weight, is_pr_reps, is_pr_1rm)
    select v.id, s.id, s.user_id, v.exercise_id, v.set_number, v.reps, v.weight, v.rpe, v.rir, v.duration_seconds,
        v.rest_seconds, v.tag, v.notes, v.tu, v.one_rm, v.at,
        coalesce(v.weight > coalesce(best.weight, 0), false), v.reps > coalesce(best.reps, 0),
        coalesce(v.one_rm > coalesce(best.one_rm, 0), false)
    from s, best, (select $5::text as id, $6::text as exercise_id, $7::int as set_number, $8::int as reps, $9::numeric as weight,
        $10::real as rpe, $11::int as rir, $12::int as duration_seconds, $13::int as rest_seconds, $14::text as tag, $15::text as notes,
        $16::real as tu, $17::numeric as one_rm, $18::timestamptz as at) v
    on conflict (id) do nothing
    returning *
), raised as (
    update active_workout_sessions a
    set total_volume = a.total_volume + coalesce(l.weight, 0) * l.reps, total_reps = a.total_reps + l.reps,
        total_sets = a.total_sets + 1, current_set_index = l.set_number,
        estimated_calories = a.estimated_calories + (0.1 * coalesce(l.weight, 0) * l.reps)::int + 5,
        last_activity_at = l.performed_at, updated_at = l.performed_at, server_version = a.server_version + 1
    from logged l where a.id = l.session_id
    returning a.*
)
select a.id as session_id, a.total_volume, a.total_reps, a.estimated_calories, a.current_exercise_index, a.current_set_index,
       l.is_pr_weight, l.is_pr_reps, l.is_pr_1rm, best.weight as best_weight, best.reps as best_reps, best.one_rm as best_one_rm
from raised a, logged l, best
`
