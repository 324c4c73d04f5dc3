-- A change of the table in the middle of a drain fails no writer and starts the drain over.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(9);

select ops.drain_partitions() \g /dev/null
select is(pg_temp.advance('verifying'), 'verifying', 'all is copied');

select throws_ok(
  'alter table planted.events drop column doubled', '2BP01', null,
  'a column that is copied can not be dropped: the writers of the copy would fail'
);
select throws_ok(
  'alter table planted.events alter column id type numeric', '0A000', null,
  'nor can its type be changed'
);

alter table planted.events rename column note to remark;
insert into planted.events (id, at, remark) values (5001, '2020-02-02 00:00+00', 'renamed');
select is(
  (select note from only partitions.planted_events_y2020m02 where id = 5001), 'renamed',
  'writers go on when a column is renamed'
);
select is(pg_temp.advance('abandoned'), 'abandoned', 'the drain ends');
select is(error, 'The table was changed.', 'and says why') from drain;

select pg_temp.let_pause_pass() \g /dev/null
select pg_temp.advance('verifying') \g /dev/null
alter table planted.events add column extra int not null default 3;
insert into planted.events (id, at, extra) values (5002, '2020-02-02 00:00+00', 4);
update planted.events set extra = 5 where id = 5001;
select is(pg_temp.advance('abandoned'), 'abandoned', 'the drain ends when a column is added');
select pg_temp.let_pause_pass() \g /dev/null
select is(pg_temp.advance('done'), 'done', 'it starts over and ends well');
select is(
  (select array_agg(extra order by id) from planted.events where id > 5000), '{5,4}',
  'with the new column'
);

select * from finish();
rollback;
