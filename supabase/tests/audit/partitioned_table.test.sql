-- A partitioned table is audited at its root, wherever its rows go.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir fixture.psql

select plan(4);

create table planted.visits (id int, month int, note text, primary key (id, month))
  partition by list (month);
create table planted.visits_1 partition of planted.visits for values in (1);
select audit.enable('planted.visits') \g /dev/null
create table planted.visits_2 partition of planted.visits for values in (2);

insert into planted.visits values (1, 1, 'a'), (2, 2, 'b');
update planted.visits set note = 'c' where true;
select bag_eq(
  $$select operation, row_key, new_values ->> 'note' from pg_temp.logged('planted.visits')$$,
  $$
    values
      ('INSERT', '(1,1)', 'a'), ('INSERT', '(2,2)', 'b'),
      ('UPDATE', '(1,1)', 'c'), ('UPDATE', '(2,2)', 'c')
  $$,
  'rows of all partitions are logged, also of those made later'
);
update planted.visits set month = 2 where id = 1;
select bag_eq(
  $$select operation, row_key from pg_temp.logged('planted.visits') offset 4$$,
  $$values ('DELETE', '(1,1)'), ('INSERT', '(1,2)')$$,
  'a row that moves to another partition is logged'
);
truncate planted.visits;
select is(
  (select count(*)::int from pg_temp.logged('planted.visits') where operation = 'TRUNCATE'), 2,
  'a truncate of the root logs the rows of its partitions'
);
select is_empty(
  $$select * from ops.audit_gaps where relation like 'planted.%'$$, 'and no gap is left'
);

select * from finish();
rollback;
