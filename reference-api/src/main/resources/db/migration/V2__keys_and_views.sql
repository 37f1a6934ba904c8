create unique index users_email on users (email);
create unique index users_username on users (username);
create index users_by_xp on users (total_xp desc, id) where not profile_ghost_mode and profile_leaderboard_opt_in and total_xp > 0;
create index users_by_creation on users (created_at desc, id desc);

alter table user_profile_extended add foreign key (user_id) references users on delete cascade;
alter table exercise_activations add foreign key (exercise_id) references exercises, add foreign key (muscle_id) references muscles;

create index workouts_of_user on workouts (user_id, created_at desc, id desc);
create index workouts_by_creation on workouts (created_at desc) include (user_id, total_tu);
alter table workouts add foreign key (user_id) references users on delete cascade;

create index workout_sets_of_exercise on workout_sets (user_id, exercise_id, performed_at) include (weight, reps, estimated_1rm);
create index workout_sets_of_workout on workout_sets (workout_id, set_number) where workout_id is not null;
create index workout_sets_of_session on workout_sets (session_id, set_number) where session_id is not null;

create unique index active_session_of_user on active_workout_sessions (user_id);
create index active_sessions_by_activity on active_workout_sessions (last_activity_at);
alter table active_workout_sessions add foreign key (user_id) references users on delete cascade;
create index archived_sessions_of_user on archived_workout_sessions (user_id, archived_at desc) where not recovered;

alter table character_stats add foreign key (user_id) references users on delete cascade;
alter table credit_balances add foreign key (user_id) references users on delete cascade;
create index credit_ledger_of_user on credit_ledger (user_id, created_at desc, id desc);
create index credit_ledger_by_creation on credit_ledger (created_at desc) include (user_id, amount);
create unique index credit_ledger_once on credit_ledger (idempotency_key) where idempotency_key is not null;

create index participants_of_user on conversation_participants (user_id, conversation_id);
create index conversations_by_last_message on conversations (last_message_at desc nulls last);
create index messages_of_conversation on messages (conversation_id, created_at desc, id desc) where deleted_at is null;
create index sleep_logs_of_user on sleep_logs (user_id, bed_time desc);
create unique index achievement_keys on achievement_definitions (key);
create index achievements_of_user on achievement_events (user_id, earned_at desc);
create index leaderboard_by_value on leaderboard_entries (exercise_id, metric_key, period_type, period_start, value desc);
create index activity_by_creation on activity_events (created_at desc, id desc);
create index activity_of_user on activity_events (user_id, created_at desc, id desc);
create index presence_by_activity on user_presence (last_active_at desc);
create unique index companion_of_user on user_companion_state (user_id);
create index reactions_to_show on mascot_timeline_reactions (user_id, created_at) where not shown;
create index venues_by_place on fitness_venues (latitude, longitude) where is_active;
create index goals_of_user on user_goals (user_id) where status = 'active';

-- The plan's three views.
create materialized view mv_xp_rankings_v2 as
select id as user_id, username, display_name, avatar_url, total_xp, current_rank, created_at as member_since,
       profile_country as country,
       rank() over (order by total_xp desc) as global_xp_rank,
       percent_rank() over (order by total_xp) as global_xp_percentile
from users
where profile_leaderboard_opt_in and not profile_ghost_mode;
create unique index mv_xp_rankings_v2_user on mv_xp_rankings_v2 (user_id);
create index mv_xp_rankings_v2_rank on mv_xp_rankings_v2 (global_xp_rank);

create materialized view mv_leaderboard_top100 as
select * from (
    select e.user_id, e.exercise_id, e.metric_key, e.period_type, e.period_start, e.value, e.verification_status,
           u.username, u.display_name, u.avatar_url,
           row_number() over (partition by e.exercise_id, e.metric_key, e.period_type order by e.value desc, e.user_id) as rank
    from leaderboard_entries e join users u on u.id = e.user_id
    where e.period_type = 'all_time'
) ranked where rank <= 100;
create unique index mv_leaderboard_top100_entry on mv_leaderboard_top100 (exercise_id, metric_key, period_type, user_id);
create index mv_leaderboard_top100_rank on mv_leaderboard_top100 (exercise_id, metric_key, period_type, rank);

create materialized view mv_sleep_stats as
select user_id, date_trunc('week', bed_time at time zone 'UTC') as week_start, count(*) as nights_logged,
       avg(sleep_duration_minutes) as avg_duration_minutes, avg(quality) as avg_quality,
       min(sleep_duration_minutes) as min_duration_minutes, max(sleep_duration_minutes) as max_duration_minutes,
       stddev(sleep_duration_minutes) as stddev_duration
from sleep_logs
group by 1, 2;
create unique index mv_sleep_stats_week on mv_sleep_stats (user_id, week_start);

-- The statistics of the opted-in users with their dense ranks, among all and in their country.
create materialized view mv_leaderboard_global as
select s.user_id, u.username, u.avatar_url, p.gender, p.country, p.state, p.city,
       s.strength, s.endurance, s.dexterity, s.constitution, s.power, s.vitality,
       dense_rank() over (order by s.strength desc) as rank_strength,
       dense_rank() over (order by s.endurance desc) as rank_endurance,
       dense_rank() over (order by s.dexterity desc) as rank_dexterity,
       dense_rank() over (order by s.constitution desc) as rank_constitution,
       dense_rank() over (order by s.power desc) as rank_power,
       dense_rank() over (order by s.vitality desc) as rank_vitality,
       dense_rank() over (partition by p.country order by s.strength desc) as country_rank_strength,
       dense_rank() over (partition by p.country order by s.endurance desc) as country_rank_endurance,
       dense_rank() over (partition by p.country order by s.dexterity desc) as country_rank_dexterity,
       dense_rank() over (partition by p.country order by s.constitution desc) as country_rank_constitution,
       dense_rank() over (partition by p.country order by s.power desc) as country_rank_power,
       dense_rank() over (partition by p.country order by s.vitality desc) as country_rank_vitality
from character_stats s
join users u on u.id = s.user_id
join user_profile_extended p on p.user_id = s.user_id
where p.leaderboard_opt_in and not p.ghost_mode;
create unique index mv_leaderboard_global_user on mv_leaderboard_global (user_id);
create index mv_leaderboard_global_place on mv_leaderboard_global (country, state, city);
create index mv_leaderboard_global_strength on mv_leaderboard_global (rank_strength, user_id);
create index mv_leaderboard_global_endurance on mv_leaderboard_global (rank_endurance, user_id);
create index mv_leaderboard_global_dexterity on mv_leaderboard_global (rank_dexterity, user_id);
create index mv_leaderboard_global_constitution on mv_leaderboard_global (rank_constitution, user_id);
create index mv_leaderboard_global_power on mv_leaderboard_global (rank_power, user_id);
create index mv_leaderboard_global_vitality on mv_leaderboard_global (rank_vitality, user_id);
