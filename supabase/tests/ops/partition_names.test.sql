-- The name of a partition is free, at most 63 bytes, and only a name: bounds are in the catalogs.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(7);

create schema "Odd one";
create table "Odd one"."It's a ""Table""" ("The at" timestamptz not null)
partition by range ("The at");
select lives_ok(
  $$
    select ops.manage_partitions(
      '"Odd one"."It''s a ""Table"""', 'The at', 'month', ahead => 1, retention => '1 month',
      as_of => '2026-11-15 00:00+00'
    )
  $$,
  'names that need quotes'
);
insert into "Odd one"."It's a ""Table""" values ('2026-11-15 00:00+00');
select ops.maintain_table('"Odd one"."It''s a ""Table"""', '2027-01-01 00:00+00') \g /dev/null
select results_eq(
  $$
    select action, child
    from ops.maintain_table('"Odd one"."It''s a ""Table"""', '2027-01-01 00:00+00')
  $$,
  $$values ('drop', 'partitions."Odd one_It''s a ""Table""_y2026m11"')$$,
  'are quoted from their making to their end'
);

-- 53 bytes, of which every second one is inside a character
do $$
declare
  name text;
begin
  foreach name in array array[repeat('ä', 26) || 'x', repeat('ä', 26) || 'y'] loop
    execute format('create table ops.%I (at timestamptz not null) partition by range (at)', name);
  end loop;
end;
$$;
select lives_ok(
  format(
    $$
      select ops.manage_partitions(
        'ops.%1$sx', 'at', 'hour', ahead => 1, as_of => '2026-11-15 00:00+00'
      ),
      ops.manage_partitions('ops.%1$sy', 'at', 'hour', ahead => 1, as_of => '2026-11-15 00:00+00')
    $$,
    repeat('ä', 26)
  ),
  'two long names that differ in their last letter'
);
select results_eq(
  $$
    select
      max(octet_length(relname)) <= 63,
      count(*),
      count(*) filter (
        where relname ~ '^ops_ä+_[0-9a-f]{8}_(y2026m11d15h0[01]|default)$'
      )
    from pg_class
    where relnamespace = 'partitions'::regnamespace and relname like 'ops_ä%' and relkind = 'r'
  $$,
  'values (true, 6::bigint, 6::bigint)',
  'have partitions of their own, cut between characters, with a hash and the whole period'
);

create table ops.planted (at timestamptz not null) partition by range (at);
create table partitions.ops_planted_y2026m11 (note text);
insert into partitions.ops_planted_y2026m11 values ('not ours');
select results_eq(
  $$
    select child
    from ops.manage_partitions(
      'ops.planted', 'at', 'month', ahead => 1, as_of => '2026-11-15 00:00+00'
    )
  $$,
  array[
    'partitions.ops_planted_default', 'partitions.ops_planted_y2026m11_2',
    'partitions.ops_planted_y2026m12'
  ],
  'a table that has the name already is not taken for the partition'
);
select results_eq(
  'select note from partitions.ops_planted_y2026m11', array['not ours'], 'and left alone'
);
alter table partitions.ops_planted_y2026m12 rename to ops_planted_y1999m01;
select is_empty(
  $$select * from ops.partition_plan('ops.planted', '2026-11-15 00:00+00')$$,
  'a partition with a misleading name is known by its bounds'
);

select * from finish();
rollback;
