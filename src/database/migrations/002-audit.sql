-- Append-only: `body` is canonical JSON (RFC 8785); `hash` = sha256(previous hash, newline, body), in hex.
create table audit_entry (
  seq bigint primary key,
  previous_hash text not null,
  hash text not null,
  body text not null
);

-- The last entry, so that one taken off the end is missed. One row; also what appenders queue for.
create table audit_head (
  only_row boolean primary key default true check (only_row),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, '');

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit_entry is append-only: % is refused', tg_op;
end $$;

create trigger audit_is_append_only before update or delete on audit_entry
  for each row execute function refuse_audit_change();
create trigger audit_is_never_truncated before truncate on audit_entry
  for each statement execute function refuse_audit_change();
