-- Conversations and messages are shown to who takes part, as V4 does for what belongs to one user. Who takes part is asked
-- once for a statement, as the owner: a policy on the list of participants that read that list would never end.

create function app_conversations() returns text[] language sql stable parallel safe security definer set search_path = public, pg_temp
    return array(select conversation_id from conversation_participants where user_id = app_user());

alter table conversations enable row level security;
create policy ours on conversations to musclemap_member using (id = any ((select app_conversations())::text[]));
grant select on conversations to musclemap_member;
grant update (last_message_at, updated_at) on conversations to musclemap_member;

alter table conversation_participants enable row level security;
create policy ours on conversation_participants for select to musclemap_member
    using (conversation_id = any ((select app_conversations())::text[]));
create policy own on conversation_participants for update to musclemap_member using (user_id = (select app_user()));
grant select on conversation_participants to musclemap_member;
grant update (last_read_at) on conversation_participants to musclemap_member;

alter table messages enable row level security;
create policy ours on messages for select to musclemap_member using (conversation_id = any ((select app_conversations())::text[]));
create policy own on messages for insert to musclemap_member
    with check (sender_id = (select app_user()) and conversation_id = any ((select app_conversations())::text[]));
grant select, insert on messages to musclemap_member;

-- Shown with the message that they are about.
alter table message_reactions enable row level security;
create policy ours on message_reactions for select to musclemap_member
    using (exists (select from messages m where m.id = message_id));
grant select on message_reactions to musclemap_member;
