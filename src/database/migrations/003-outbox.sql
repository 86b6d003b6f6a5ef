-- The messages that ought to stand in Slack, and what is known to stand there. Newest wanted state wins.
create table outbox_message (
  key text primary key,
  run_id text,
  -- A channel id, or the id of a user who is written to directly.
  channel text not null,
  thread_key text,
  links_to text,
  position bigint generated always as identity,
  wanted jsonb not null,
  wanted_hash text not null,
  wanted_phase text not null,
  sent_hash text,
  sent_phase text,
  posted_channel text,
  ts text,
  permalink text,
  -- Set before a post, cleared by its answer: where it stands, the message may be in Slack or not.
  uncertain_since timestamptz,
  -- Until then a change of content waits; a change of phase does not.
  quiet_until timestamptz not null default now(),
  not_before timestamptz not null default now(),
  failure text,
  changed_at timestamptz not null default now()
);
create index outbox_unsent on outbox_message (channel, position) where sent_hash is distinct from wanted_hash;
create index outbox_by_run on outbox_message (run_id);
create index outbox_by_ts on outbox_message (posted_channel, ts);

-- One sender per channel at a time, across processes; when it may post again.
create table outbox_channel (
  channel text primary key,
  held_by text,
  held_until timestamptz not null default now(),
  next_post_at timestamptz not null default now(),
  setbacks int not null default 0
);

-- When a method that all messages share is free again: one row a method.
create table outbox_limit (
  method text primary key,
  free_at timestamptz not null,
  paused_until timestamptz not null default now()
);

-- What may be sent this moment. Replies wait for what they reply to, links for what they point at; what could not be
-- sent for a day is news no more.
create view outbox_due as
select m.key, m.channel, m.wanted, m.wanted_hash, m.wanted_phase, m.ts, m.posted_channel, m.uncertain_since,
  root.ts as thread_ts, m.links_to, link.ts as link_ts, link.posted_channel as link_channel, link.permalink,
  m.sent_phase is distinct from m.wanted_phase as urgent,
  case when m.ts is null then 2 when m.sent_phase is distinct from m.wanted_phase then 1 else 3 end as turn,
  m.position
from outbox_message m
left join outbox_message root on root.key = m.thread_key
left join outbox_message link on link.key = m.links_to
left join outbox_channel c on c.channel = m.channel
where m.sent_hash is distinct from m.wanted_hash
  and m.not_before <= now()
  and m.changed_at > now() - interval '1 day'
  and (m.thread_key is null or root.ts is not null)
  and (m.links_to is null or link.ts is not null)
  and case
    when m.ts is null then coalesce(c.next_post_at, now()) <= now()
    else m.quiet_until <= now() or m.sent_phase is distinct from m.wanted_phase
  end;

-- Which version of a run the messages show; incomplete where Slack could not say who is to be written to.
create table run_projection (
  run_id text primary key references run (id),
  version bigint not null,
  complete boolean not null default true,
  at timestamptz not null default now()
);

-- Slack delivers at least once: what has been taken is remembered for an hour.
create table slack_delivery (
  id text primary key,
  at timestamptz not null default now()
);
create index slack_delivery_by_age on slack_delivery (at);
