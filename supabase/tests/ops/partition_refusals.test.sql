-- What can not be managed is refused with its own code, before anything is made.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(19);

create table ops.planted_plain (at timestamptz not null);
create table ops.planted_list (at timestamptz not null) partition by list (at);
create table ops.planted_two (at timestamptz not null, id int not null) partition by range (at, id);
create table ops.planted_expression (at timestamptz not null)
partition by range (date_trunc('day', at at time zone 'UTC'));
create table ops.planted (at timestamptz primary key, other timestamptz) partition by range (at);
create table ops.planted_part partition of ops.planted
for values from ('2026-01-01 00:00+00') to ('2027-01-01 00:00+00')
partition by range (at);
create table ops.planted_dates (at date not null) partition by range (at);
create table ops.planted_numbers (at int not null) partition by range (at);
create table ops.planted_texts (at text not null) partition by range (at);

select throws_ok(
  $$select ops.manage_partitions('ops.planted_plain', 'at', 'month')$$,
  'PL011', 'ops.planted_plain is not a partitioned table.', 'a plain table'
);
select throws_ok(
  $$select ops.manage_partitions(null, 'at', 'month')$$, 'PL011', null, 'no table'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_part', 'at', 'month')$$,
  'PL012', 'ops.planted_part is itself a partition.', 'a partition that is partitioned'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_list', 'at', 'month')$$,
  'PL013', 'ops.planted_list is not partitioned by range of column at alone.',
  'a table partitioned by list'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_two', 'at', 'month')$$,
  'PL013', null, 'a key of two columns'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_expression', 'at', 'month')$$,
  'PL013', null, 'a key that is an expression'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted', 'other', 'month')$$,
  'PL013', 'ops.planted is not partitioned by range of column other alone.', 'another column'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted', 'at', 'decade')$$,
  'PL014', 'Partitions by decade do not fit column at of type timestamp with time zone.',
  'a unit that there is not'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted', 'at', null)$$, 'PL014', null, 'no unit'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted', 'at', 'integer', step => 10)$$,
  'PL014', null, 'numbers of times'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_dates', 'at', 'hour')$$,
  'PL014', null, 'hours of dates'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_numbers', 'at', 'day')$$,
  'PL014', null, 'days of numbers'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_texts', 'at', 'day')$$,
  'PL014', null, 'a type that has no periods'
);

create table ops.planted_child (
  at timestamptz constraint planted_child_at_fkey references ops.planted (at) on delete cascade
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted', 'at', 'month', retention => '1 month')$$,
  'PL015', 'Rows of ops.planted can not go by age: ops.planted_child refers to them.',
  'a retention where a foreign key points to the rows'
);

select throws_ok(
  $$select ops.manage_partitions('ops.planted_dates', 'at', 'day', ahead => 0)$$,
  '23514', null, 'none ahead'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted_dates', 'at', 'day', retention => '-1 day')$$,
  '23514', null, 'a retention that would take what is current'
);
select throws_ok(
  $$
    select ops.manage_partitions('ops.planted_dates', 'at', 'day', storage_parameters => array[
      'fillfactor=90); drop table auth.users; --'
    ])
  $$,
  '23514', null, 'SQL for a storage parameter'
);
select throws_ok(
  $$select ops.partition_range('ops.planted', '2026-11-15')$$,
  'PL010', 'The partitions of ops.planted are not under management.',
  'periods of a table that nobody manages'
);
select is_empty(
  $$select parent from ops.partition_config where parent::text like 'ops.planted%'$$,
  'after all this nothing is under management'
);

select * from finish();
rollback;
