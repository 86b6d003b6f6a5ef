-- Posts that somebody waits for, such as an approval card, go before the other posts of their channel.
alter table outbox_message add column first boolean not null default false;

-- The view of 003-outbox.sql with one more turn: a view can only be replaced whole.
create or replace view outbox_due as
select m.key, m.channel, m.wanted, m.wanted_hash, m.wanted_phase, m.ts, m.posted_channel, m.uncertain_since,
  root.ts as thread_ts, m.links_to, link.ts as link_ts, link.posted_channel as link_channel, link.permalink,
  m.sent_phase is distinct from m.wanted_phase as urgent,
  case
    when m.ts is null and m.first then 0
    when m.ts is null then 2
    when m.sent_phase is distinct from m.wanted_phase then 1
    else 3
  end as turn,
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
