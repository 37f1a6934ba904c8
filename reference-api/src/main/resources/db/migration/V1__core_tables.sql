-- The core domain. Indexes, keys to other tables and views follow in V2, so that a data set can be loaded in between.

create table data_set (
    one boolean primary key default true check (one),
    anchor timestamptz not null,     -- the moment the seeded data was taken at
    restored_at timestamptz,         -- when this copy began to live; null until it does
    seed bigint not null,
    users int not null,
    workouts int not null
);

create table identities (
    id text primary key,
    name text not null,
    description text not null,
    philosophy text,
    category_id text not null default 'general',
    focus_areas jsonb not null default '[]',
    icon_url text,
    image_url text
);

create table users (
    id text primary key,
    email text not null,
    username text not null,
    display_name text,
    password_hash text not null,
    avatar_url text,
    bio text,
    roles jsonb not null default '["user"]',
    flags jsonb not null default '{"banned": false, "verified": false, "suspended": false}',
    current_identity_id text,
    current_level int not null default 1,
    total_xp int not null default 0,
    current_rank text not null default 'novice',
    profile_country varchar(2),
    profile_ghost_mode boolean not null default false,
    profile_leaderboard_opt_in boolean not null default true,
    achievement_points int not null default 0,
    trial_started_at timestamptz,
    trial_ends_at timestamptz,
    last_active_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table user_profile_extended (
    user_id text primary key,
    gender text,
    date_of_birth date,
    height_cm numeric(5, 1),
    weight_kg numeric(5, 1),
    preferred_units text not null default 'metric',
    fitness_level text,
    goals jsonb not null default '[]',
    city text,
    county text,
    state text,
    country text,
    country_code text,
    leaderboard_opt_in boolean not null default true,
    ghost_mode boolean not null default false,
    profile_visibility text not null default 'public'
);

create table muscles (
    id text primary key,
    name text not null,
    anatomical_name text,
    muscle_group text not null,
    bias_weight real not null,
    optimal_weekly_volume int,
    recovery_time int
);

create table exercises (
    id text primary key,
    name text not null,
    type text not null,
    difficulty int not null default 2,
    description text,
    cues text,
    primary_muscles text[] not null default '{}',
    equipment_required jsonb not null default '[]',
    equipment_optional jsonb not null default '[]',
    locations jsonb not null default '["gym"]',
    is_compound boolean not null default false,
    estimated_seconds int not null default 45,
    rest_seconds int not null default 60,
    movement_pattern text,
    image_url text,
    video_url text
);

create table exercise_activations (
    exercise_id text not null,
    muscle_id text not null,
    activation int not null check (activation between 0 and 100),
    primary key (exercise_id, muscle_id)
);

create table workouts (
    id text primary key,
    user_id text not null,
    date date not null,
    total_tu real not null check (total_tu >= 0),
    credits_used int not null default 25 check (credits_used >= 0),
    notes text,
    is_public boolean not null default true,
    exercise_data jsonb not null default '[]',
    muscle_activations jsonb not null default '{}',
    total_sets int not null default 0,
    total_reps int not null default 0,
    total_volume numeric(14, 2) not null default 0,
    duration_seconds int,
    pr_count int not null default 0,
    created_at timestamptz not null
);

-- A set belongs to a session while it runs, and to the workout that the session becomes.
create table workout_sets (
    id text primary key,
    workout_id text,
    session_id text,
    user_id text not null,
    exercise_id text not null,
    set_number int not null,
    weight numeric(10, 2),
    reps int not null,
    duration_seconds int,
    rest_seconds int,
    tag text not null default 'working',
    rpe real check (rpe between 1 and 10),
    rir int check (rir between 0 and 10),
    tu real not null default 0,
    estimated_1rm numeric(10, 2),
    notes text,
    is_pr_weight boolean not null default false,
    is_pr_reps boolean not null default false,
    is_pr_1rm boolean not null default false,
    performed_at timestamptz not null
);

create table active_workout_sessions (
    id text primary key,
    user_id text not null,
    started_at timestamptz not null,
    paused_at timestamptz,
    total_paused_time int not null default 0,
    last_activity_at timestamptz not null,
    workout_plan jsonb,
    current_exercise_index int not null default 0,
    current_set_index int not null default 0,
    total_volume numeric(14, 2) not null default 0,
    total_reps int not null default 0,
    total_sets int not null default 0,
    estimated_calories int not null default 0,
    rest_timer_remaining int,
    rest_timer_total_duration int,
    rest_timer_started_at timestamptz,
    client_version int not null default 1,
    server_version int not null default 1,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table archived_workout_sessions (
    id text primary key,
    user_id text not null,
    original_session_id text not null,
    session_data jsonb not null,
    archive_reason text not null,
    started_at timestamptz not null,
    archived_at timestamptz not null,
    recovered boolean not null default false,
    recovered_workout_id text
);

create table character_stats (
    user_id text primary key,
    strength numeric not null default 0,
    constitution numeric not null default 0,
    dexterity numeric not null default 0,
    power numeric not null default 0,
    endurance numeric not null default 0,
    vitality numeric not null default 0,
    last_calculated_at timestamptz,
    version int not null default 1
);

create table credit_balances (
    user_id text primary key,
    balance int not null default 0,
    lifetime_earned int not null default 0,
    lifetime_spent int not null default 0,
    version int not null default 0,
    updated_at timestamptz
);

create table credit_ledger (
    id text primary key,
    user_id text not null,
    action text not null,
    amount int not null,
    balance_after int not null,
    description text not null,
    idempotency_key text,
    created_at timestamptz not null
);

create table conversations (
    id text primary key,
    type text not null default 'direct',
    name text,
    created_by text not null,
    last_message_at timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table conversation_participants (
    conversation_id text not null,
    user_id text not null,
    joined_at timestamptz not null,
    last_read_at timestamptz,
    muted boolean not null default false,
    role text not null default 'member',
    starred boolean not null default false,
    archived_at timestamptz,
    primary key (conversation_id, user_id)
);

create table messages (
    id text primary key,
    conversation_id text not null,
    sender_id text not null,
    content text not null,
    content_type text not null default 'text',
    reply_to_id text,
    edited_at timestamptz,
    edit_count int not null default 0,
    deleted_at timestamptz,
    pinned_at timestamptz,
    created_at timestamptz not null
);

create table message_receipts (
    message_id text not null,
    user_id text not null,
    delivered_at timestamptz,
    read_at timestamptz,
    primary key (message_id, user_id)
);

create table message_reactions (
    message_id text not null,
    user_id text not null,
    emoji text not null,
    created_at timestamptz not null,
    primary key (message_id, user_id, emoji)
);

create table sleep_logs (
    id text primary key,
    user_id text not null,
    bed_time timestamptz not null,
    wake_time timestamptz not null,
    sleep_duration_minutes int generated always as ((extract(epoch from (wake_time - bed_time)) / 60)::int) stored,
    quality int not null check (quality between 1 and 5),
    wake_count int not null default 0,
    notes text,
    source text not null default 'manual',
    logged_at timestamptz not null
);

create table achievement_definitions (
    id text primary key,
    key text not null,
    name text not null,
    description text,
    icon text,
    category text not null,
    points int not null default 0,
    rarity text not null default 'common',
    tier text not null default 'bronze',
    enabled boolean not null default true
);

create table achievement_events (
    id text primary key,
    user_id text not null,
    achievement_id text not null,
    value numeric(15, 4),
    earned_at timestamptz not null
);

create table leaderboard_entries (
    user_id text not null,
    exercise_id text not null,
    metric_key text not null,
    period_type text not null,
    period_start date not null,
    value numeric(15, 4) not null,
    verification_status text not null default 'self_reported',
    updated_at timestamptz not null,
    primary key (user_id, exercise_id, metric_key, period_type, period_start)
);

create table leaderboard_counts (
    scope varchar(20) not null,
    scope_value varchar(100) not null default '',
    user_count int not null default 0,
    updated_at timestamptz not null,
    primary key (scope, scope_value)
);

create table activity_events (
    id text primary key,
    user_id text,
    event_type text not null,
    payload jsonb not null default '{}',
    visibility_scope text not null default 'public_anon',
    geo_bucket text,
    created_at timestamptz not null
);

create table user_presence (
    user_id text primary key,
    state text not null default 'online',
    last_active_at timestamptz not null
);

create table user_companion_state (
    id text primary key,
    user_id text not null,
    nickname text,
    stage int not null default 1,
    xp int not null default 0,
    is_visible boolean not null default true,
    is_minimized boolean not null default false,
    sounds_enabled boolean not null default true,
    tips_enabled boolean not null default true,
    created_at timestamptz not null
);

create table mascot_timeline_reactions (
    id text primary key,
    user_id text not null,
    event_id text not null,
    event_type text not null,
    reaction_type text not null,
    message text not null,
    emote text not null,
    animation text not null,
    duration int not null default 2000,
    intensity numeric(4, 2) not null default 1.0,
    sound_effect text,
    shown boolean not null default false,
    created_at timestamptz not null
);

create table fitness_venues (
    id text primary key,
    name text not null,
    slug text not null,
    venue_type text not null,
    latitude numeric(10, 7) not null,
    longitude numeric(10, 7) not null,
    address text,
    city text not null,
    country text not null,
    average_rating real,
    total_ratings int not null default 0,
    is_verified boolean not null default false,
    is_active boolean not null default true
);

create table tips (
    id text primary key,
    trigger_type text not null,
    trigger_value text,
    category text not null,
    title text not null,
    content text not null,
    priority int not null default 0,
    display_context text[] not null default '{}',
    created_at timestamptz not null
);

create table tip_views (
    tip_id text not null,
    user_id text not null,
    seen_at timestamptz not null,
    primary key (tip_id, user_id)
);

create table milestones (
    id text primary key,
    name text not null,
    description text,
    category text not null,
    condition_type text not null,
    condition_value jsonb not null,
    reward_credits int not null default 0
);

create table user_goals (
    id text primary key,
    user_id text not null,
    goal_type text not null,
    target_value numeric(10, 2),
    target_unit text,
    current_value numeric(10, 2),
    target_date date,
    status text not null default 'active',
    created_at timestamptz not null
);

create table matview_refresh_log (
    view_name text primary key,
    last_refresh_at timestamptz not null,
    refresh_duration_ms int not null,
    rows_count int
);
