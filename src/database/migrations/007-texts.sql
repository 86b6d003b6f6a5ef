-- Words for people are kept so that they can be said in each reader's language: JSON, where a string is the same in all.
alter table run_step alter column title type jsonb using to_jsonb(title);
alter table run_step alter column summary type jsonb using to_jsonb(summary);
alter table run_step alter column left_over drop default;
alter table run_step alter column left_over type jsonb using to_jsonb(left_over);
alter table run_step alter column left_over set default '[]';
alter table timeline_event alter column text type jsonb using to_jsonb(text);
