-- Foreign keys hold up neither the archive nor those who delete what it refers to.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir events.psql

select plan(9);

create table public.planted_players (id int primary key);
insert into public.planted_players values (1), (2);
alter table public.planted_events add column player_id int
  constraint planted_events_player_id_fkey
  references public.planted_players (id) on delete cascade deferrable initially deferred;
update public.planted_events set player_id = 1 + id % 2 where true;
set constraints all immediate;
set constraints all deferred;

select pg_temp.detach() \g /dev/null
select lives_ok(
  'delete from public.planted_players where id = 1',
  'who deletes what a partition refers to is not stopped while it waits for the archive'
);
select is(
  (select count(*) from partitions.public_planted_events_y2025m01), 100::bigint,
  'and nothing cascades into it'
);
select pg_temp.work() \g /dev/null
select ops.maintain_table('public.planted_events', '2025-03-10', '{drop}') \g /dev/null

select job_id as archived from archive.manifest \gset
select archive.restore(:'archived') \g /dev/null
select is(pg_temp.work(), 'fetch', 'a restore of rows that refer to what is gone stops at once');
select results_eq(
  'select status, affected_records from archive.jobs where kind = ''restore''',
  $$values ('failed', 0::bigint)$$,
  'for good, without a second attempt'
);
select matches(
  (select errors -> -1 ->> 'error' from archive.jobs where kind = 'restore'),
  'planted_events_player_id_fkey.*Key \(player_id\)=\(1\) is not present.*attach => false',
  'and says what is missing and what to do'
);
select is_empty('select from public.planted_events', 'no reader sees half of it');
select ok(archive.release(:'archived'), 'it is released');
select lives_ok(
  format('select archive.restore(%L, attach => false)', :'archived'),
  'and restored as a table of its own'
);
select pg_temp.work() \g /dev/null
select is(
  (select restored_as from archive.manifest),
  format('archive.%I', 'restored_' || :'archived'),
  'which needs no such row'
);

select * from finish();
rollback;
