-- A user's statements run as a role that PostgreSQL shows that user's rows alone. The owner of the tables, as which
-- leaderboards, sign-up and login run, sees all. The user is a setting of the transaction, so poolers may sit in between.

do $$
begin
    if not exists (select from pg_roles where rolname = 'musclemap_member') then
        create role musclemap_member nologin;
        execute format('grant musclemap_member to %I', current_user);
    end if;
end
$$;

create function app_user() returns text language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '');

grant usage on schema public to musclemap_member;

-- What all users share: read only. Of other users, only what others may see of them: no address, no password.
grant select on muscles, exercises, exercise_activations, identities, identity_levels, archetype_categories, achievement_definitions,
    milestones, tips, fitness_venues, activity_likes, activity_comments to musclemap_member;
grant select (id, username, display_name, avatar_url, bio, current_identity_id, current_level, total_xp, current_rank, profile_ghost_mode,
    profile_leaderboard_opt_in, last_active_at, created_at) on users to musclemap_member;
grant update (current_level, total_xp, last_active_at, updated_at) on users to musclemap_member;
alter table users enable row level security;
create policy seen on users for select to musclemap_member using (true);
create policy own on users for update to musclemap_member using (id = (select app_user()));

-- What belongs to one user.
do $$
declare
    owned text;
begin
    foreach owned in array array['workouts', 'workout_sets', 'active_workout_sessions', 'archived_workout_sessions', 'character_stats',
        'credit_balances', 'credit_ledger', 'sleep_logs', 'sleep_goals', 'recovery_scores', 'prescriptions', 'user_goals', 'user_settings',
        'user_profile_extended', 'user_companion_state', 'mascot_timeline_reactions', 'tip_views', 'achievement_events', 'user_presence']
    loop
        execute format('alter table %I enable row level security', owned);
        execute format('create policy own on %I to musclemap_member using (user_id = (select app_user()))', owned);
        execute format('grant select, insert, update, delete on %I to musclemap_member', owned);
    end loop;
end
$$;

-- Events are public or their maker's; only a maker adds.
alter table activity_events enable row level security;
create policy own on activity_events for insert to musclemap_member with check (user_id = (select app_user()));
create policy seen on activity_events for select to musclemap_member
    using (visibility_scope = 'public_anon' or user_id = (select app_user()));
grant select, insert on activity_events to musclemap_member;

alter table high_fives enable row level security;
create policy own on high_fives for insert to musclemap_member with check (sender_id = (select app_user()));
create policy ours on high_fives for select to musclemap_member
    using (sender_id = (select app_user()) or recipient_id = (select app_user()));
grant select, insert on high_fives to musclemap_member;
