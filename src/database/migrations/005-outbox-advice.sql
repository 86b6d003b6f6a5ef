-- What somebody can do about the failure, as Slack's answer had it: which scope is missing, say.
alter table outbox_message add column advice text;
