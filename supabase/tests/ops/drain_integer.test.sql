-- A table that is partitioned by a number is drained too.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir drain.psql

select plan(3);

create table planted.numbers (number bigint primary key, note text) partition by range (number);
select ops.manage_partitions('planted.numbers', 'number', 'integer', step => 100) \g /dev/null
insert into planted.numbers select number from generate_series(-250, -151) as number;
insert into planted.numbers select number from generate_series(100000, 100099) as number;
create temporary table before as table planted.numbers;
select ops.drain_partition('planted.numbers') \g /dev/null
select pg_temp.advance('done') \g /dev/null
select is(
  (select phase from ops.partition_drains where parent = 'planted.numbers'::regclass), 'done',
  'the drain ends well'
);
select results_eq(
  $$select tableoid::regclass::text collate "C", min(number), max(number)
    from planted.numbers group by 1 order by 2$$,
  $$values
    ('partitions.planted_numbers_im300' collate "C", -250::bigint, -201::bigint),
    ('partitions.planted_numbers_im200', -200, -151),
    ('partitions.planted_numbers_i100000', 100000, 100099)$$,
  'each number is in its partition, also below zero'
);
select is_empty(
  '(table before except table planted.numbers)
    union all (table planted.numbers except table before)',
  'no row is lost'
);

select * from finish();
rollback;
