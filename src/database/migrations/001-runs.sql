-- One row a run; `version` counts its changes, so that a view knows whether it is behind.
create table run (
  id text primary key,
  runbook text not null,
  cluster text not null,
  target text not null,
  inputs jsonb not null,
  accepted text[] not null default '{}',
  requester jsonb not null,
  cause jsonb not null,
  dry_run boolean not null default false,
  status text not null,
  plan jsonb,
  outcome jsonb,
  stop_requested jsonb,
  -- Why it failed: the first failure, with its code.
  failure jsonb,
  -- Until when a blocked plan waits for its exceptions to be accepted.
  blocked_until timestamptz,
  trace_id text not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create index run_by_target on run (cluster, target, created_at desc);
create index run_by_age on run (created_at desc);

-- One run per target. The row is the run's own, and goes with its end: never with a timeout of the engine.
create table target_lock (
  cluster text not null,
  target text not null,
  run_id text not null references run (id),
  taken_at timestamptz not null default now(),
  primary key (cluster, target)
);

create table run_step (
  run_id text not null references run (id),
  step_id text not null,
  position int not null,
  title text not null,
  status text not null,
  progress jsonb,
  summary text,
  outputs jsonb,
  -- What was taken back, if anything: { summary, changed, left }.
  undo jsonb,
  left_over text[] not null default '{}',
  error jsonb,
  started_at timestamptz,
  ended_at timestamptz,
  primary key (run_id, step_id)
);

-- The decision on a gate is the row itself: `status` leaves 'pending' exactly once, by compare-and-set.
create table approval (
  run_id text not null references run (id),
  gate int not null,
  digest text not null,
  status text not null default 'pending',
  policy jsonb not null,
  difference jsonb,
  opened_at timestamptz not null default now(),
  expires_at timestamptz not null,
  decided_at timestamptz,
  decided_by jsonb,
  reason text,
  primary key (run_id, gate)
);

create table approval_vote (
  run_id text not null,
  gate int not null,
  person_id text not null,
  person jsonb not null,
  at timestamptz not null default now(),
  primary key (run_id, gate, person_id),
  foreign key (run_id, gate) references approval (run_id, gate)
);

-- Intent before effect: 'started' is committed before the call, 'done' with its result after it.
create table journal (
  run_id text not null references run (id),
  key text not null,
  status text not null,
  effect jsonb not null,
  result jsonb,
  attempt int not null default 1,
  started_at timestamptz not null default now(),
  settled_at timestamptz,
  primary key (run_id, key)
);

create table timeline_event (
  run_id text not null references run (id),
  seq int not null,
  key text not null,
  at timestamptz not null default now(),
  level text not null,
  text text not null,
  step_id text,
  primary key (run_id, seq),
  unique (run_id, key)
);
