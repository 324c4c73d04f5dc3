-- A table that can not be drained says why, and keeps no other from being drained.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(7);

create table planted.keyless (at timestamptz not null) partition by range (at);
select ops.manage_partitions('planted.keyless', 'at', 'day') \g /dev/null
insert into planted.keyless values ('2020-01-01 00:00+00');
create table planted.named (at timestamptz primary key) partition by range (at);
select ops.manage_partitions('planted.named', 'at', 'day') \g /dev/null
insert into planted.named values ('2020-01-01 00:00+00');
create table planted.naming (at timestamptz references planted.named on delete cascade);

select throws_ok(
  $$select ops.drain_partition('planted.keyless')$$,
  'PL021', 'Rows of planted.keyless can not be told apart.', 'a table without a key is refused'
);
select throws_ok(
  $$select ops.drain_partition('planted.named')$$,
  'PL022', 'A foreign key refers to planted.named, so no partition can leave it.',
  'a table that a foreign key refers to is refused'
);
select is(pg_temp.advance('done'), 'done', 'the others are drained by the executor');
select ok(not ops.drain_partitions(), 'then there is nothing left to do');
select results_eq(
  $$select parent::text collate "C", phase, error from ops.partition_drains
    where parent <> 'planted.events'::regclass order by parent::text collate "C"$$,
  $$values
    ('planted.keyless' collate "C", 'abandoned', 'Rows of planted.keyless can not be told apart.'),
    ('planted.named', 'abandoned',
      'A foreign key refers to planted.named, so no partition can leave it.')$$,
  'the refusals are written down'
);

create unique index keyless_at_key on planted.keyless (at);
select pg_temp.let_pause_pass() \g /dev/null
select ok(ops.drain_partitions(), 'a table that has a key by now is tried again');
select is(
  (select parent from ops.partition_drains where finished_at is null), 'planted.keyless'::regclass,
  'and its unique key of columns that are not null will do'
);

select * from finish();
rollback;
