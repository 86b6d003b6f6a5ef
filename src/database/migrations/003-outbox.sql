-- The messages that ought to stand in Slack, and what is known to stand there. Newest wanted state wins.
create table outbox_message (
  key text primary key,
  run_id text,
  channel text not null,
  thread_key text,
  position bigint generated always as identity,
  wanted jsonb not null,
  wanted_hash text not null,
  sent_hash text,
  posted_channel text,
  ts text,
  uncertain_since timestamptz,
  attempts int not null default 0,
  not_before timestamptz not null default now(),
  failure text,
  changed_at timestamptz not null default now()
);
create index outbox_unsent on outbox_message (channel, position) where sent_hash is distinct from wanted_hash and failure is null;

-- Which version of a run the messages show.
create table run_projection (
  run_id text primary key references run (id),
  version bigint not null
);

-- Slack delivers at least once: what has been taken is remembered for an hour.
create table slack_delivery (
  id text primary key,
  at timestamptz not null default now()
);
