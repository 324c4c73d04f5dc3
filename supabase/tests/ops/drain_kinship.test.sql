-- Partitions that a drain makes are like all others: keys, foreign keys and policies are theirs.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(7);

create table planted.places (id int primary key);
insert into planted.places select generate_series(1, 3);
create table planted.visits (
  id bigint generated always as identity,
  place_id int not null references planted.places on delete cascade,
  at timestamptz not null,
  code text not null,
  check (code <> ''),
  primary key (at, id),
  unique (code, at)
)
partition by range (at);
create index visits_place_id_idx on planted.visits (place_id);
alter table planted.visits enable row level security;
create policy visits_select_all on planted.visits for select to authenticated
using (code = 'public');
select ops.manage_partitions('planted.visits', 'at', 'month') \g /dev/null
insert into planted.visits (place_id, at, code)
select
  1 + number % 3,
  timestamptz '2020-05-01 00:00+00' + number * interval '1 minute',
  'c' || number
from generate_series(1, 900) as number;

select ops.drain_partition('planted.visits') as drain_id \gset
select is(pg_temp.advance('swapping'), 'swapping', 'all is copied and true');
-- what a foreign key deletes goes through the parent, too
delete from planted.places where id = 3;
insert into planted.visits (place_id, at, code) values (1, '2020-05-09 00:00+00', 'during');
select is(pg_temp.advance('done'), 'done', 'the drain ends well');

select is(
  (select count(*) from planted.visits), 601::bigint, 'what a foreign key deleted stays deleted'
);
insert into planted.visits (place_id, at, code) values (1, '2020-05-09 00:00+00', 'after');
select is(
  (select tableoid::regclass from planted.visits where code = 'after'),
  'partitions.planted_visits_y2020m05'::regclass,
  'the identity of the parent numbers rows of the new partition'
);
select throws_ok(
  $$insert into planted.visits (place_id, at, code) values (9, '2020-05-09 00:00+00', 'x')$$,
  '23503', null, 'the foreign key holds in it'
);
select throws_ok(
  $$insert into planted.visits (place_id, at, code) values (1, '2020-05-09 00:00+00', 'after')$$,
  '23505', null, 'so does the second unique key'
);
select results_eq(
  $$select pg_get_constraintdef(oid) collate "C"
    from pg_constraint
    where conrelid = 'partitions.planted_visits_y2020m05'::regclass
    order by 1$$,
  $$select pg_get_constraintdef(oid) collate "C"
    from pg_constraint
    where conrelid = (
      select child from ops.partition_bounds('planted.visits')
      where lower_bound::timestamptz <= now() and upper_bound::timestamptz > now()
    )
    order by 1$$,
  'it has the constraints of every other partition, and no more'
);

select * from finish();
rollback;
