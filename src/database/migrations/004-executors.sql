-- Each process beats; a peer takes over the runs of one whose beat is stale.
create table executor (
  id text primary key,
  application_version text not null,
  started_at timestamptz not null default now(),
  beat_at timestamptz not null default now()
);
