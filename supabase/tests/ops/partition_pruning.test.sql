-- A query that names a time reads the partitions of that time, and their index.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(4);

create table ops.planted (id bigint generated always as identity, at timestamptz not null)
partition by range (at);
create index planted_at_idx on ops.planted (at);
select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 11, as_of => '2026-01-15 00:00+00'
) \g /dev/null
insert into ops.planted (at)
select '2026-01-01 00:00+00'::timestamptz + n * interval '1 hour'
from generate_series(0, 8759) as n;
analyze ops.planted;

create function pg_temp.plan_of(query text)
returns table (relations text[], nodes text[])
language plpgsql
as $$
declare
  plan jsonb;
begin
  execute 'explain (format json) ' || query into plan;
  return query
  select
    array(
      select distinct node #>> '{}'
      from jsonb_path_query(plan, 'strict $.**."Relation Name"') as node
      order by 1
    ),
    array(
      select distinct node #>> '{}' from jsonb_path_query(plan, 'strict $.**."Node Type"') as node
      order by 1
    );
end;
$$;

select results_eq(
  $$
    select relations
    from pg_temp.plan_of(
      'select count(*) from ops.planted where at >= ''2026-03-31 22:00+00'' '
      'and at < ''2026-04-01 02:00+00'''
    )
  $$,
  $$values (array['ops_planted_y2026m03', 'ops_planted_y2026m04'])$$,
  'a range over two months reads two partitions of thirteen'
);
select is(
  (
    select nodes && '{Seq Scan}'
    from pg_temp.plan_of(
      'select id from ops.planted where at >= ''2026-03-31 22:00+00'' '
      'and at < ''2026-04-01 02:00+00'''
    )
  ),
  false,
  'by their index'
);
prepare since (timestamptz) as select count(*) from ops.planted where at >= $1;
set local plan_cache_mode = force_generic_plan;
create function pg_temp.removed_at_start()
returns int
language plpgsql
as $$
declare
  plan jsonb;
begin
  execute 'explain (format json) execute since(''2026-12-01 00:00+00'')' into plan;
  return (jsonb_path_query_first(plan, 'strict $.**."Subplans Removed"'))::int;
end;
$$;
select is(pg_temp.removed_at_start(), 11, 'a parameter prunes when the statement starts');

-- planted: a condition that hides the column reads everything
select is(
  (
    select cardinality(relations)
    from pg_temp.plan_of(
      'select id from ops.planted where at + interval ''0'' > ''2026-12-01 00:00+00'''
    )
  ),
  13,
  'a condition on an expression of the column reads all: the guard sees the difference'
);

select * from finish();
rollback;
