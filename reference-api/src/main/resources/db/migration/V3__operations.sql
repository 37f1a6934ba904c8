-- What the remaining operations of the product's clients read and write.

create table archetype_categories (
    id text primary key,
    name text not null,
    description text,
    icon text,
    display_order int not null
);

create table identity_levels (
    identity_id text not null references identities,
    level int not null,
    name text not null,
    total_tu real not null,
    primary key (identity_id, level)
);
create index identities_of_category on identities (category_id, id);

alter table user_goals add title text, add description text, add updated_at timestamptz;

create table recovery_scores (
    id text primary key,
    user_id text not null references users on delete cascade,
    score int not null check (score between 0 and 100),
    classification text not null,
    factors jsonb not null,
    recommended_intensity text not null,
    recommended_workout_types text[] not null,
    trend text,
    trend_confidence numeric(3, 2),
    calculated_at timestamptz not null,
    expires_at timestamptz not null,
    data_sources text[] not null
);
create index recovery_scores_of_user on recovery_scores (user_id, calculated_at desc);

create table sleep_goals (
    id text primary key,
    user_id text not null unique references users on delete cascade,
    target_hours real not null,
    target_bed_time text,
    target_wake_time text
);

alter table sleep_logs add sleep_environment jsonb, add time_to_fall_asleep_minutes int, add external_id text;
create unique index sleep_logs_once on sleep_logs (user_id, bed_time);

create table prescriptions (
    id text primary key,
    user_id text not null references users on delete cascade,
    request jsonb not null,
    answer jsonb not null,
    created_at timestamptz not null
);
create index prescriptions_of_user on prescriptions (user_id, created_at desc);

create table activity_likes (
    event_id text not null references activity_events on delete cascade,
    user_id text not null,
    created_at timestamptz not null,
    primary key (event_id, user_id)
);

create table activity_comments (
    id text primary key,
    event_id text not null references activity_events on delete cascade,
    user_id text not null,
    content text not null,
    created_at timestamptz not null
);
create index activity_comments_of_event on activity_comments (event_id);

create table high_fives (
    sender_id text not null references users on delete cascade,
    recipient_id text not null references users on delete cascade,
    day date not null,
    kind text not null,
    message text,
    created_at timestamptz not null,
    primary key (sender_id, recipient_id, day)
);
create index high_fives_received on high_fives (recipient_id, created_at desc);

create table user_settings (
    user_id text primary key references users on delete cascade,
    theme text,
    limitations jsonb not null default '[]',
    equipment_inventory jsonb not null default '[]'
);

-- What a client keeps beside the sets of a session and gets back as it sent it.
alter table active_workout_sessions add client_state jsonb;
