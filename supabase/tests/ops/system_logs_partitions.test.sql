-- The log is dropped by the week and read by its indexes.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(4);

select results_eq(
  $$
    select control, unit, retention, retention_action
    from ops.partition_config
    where parent = 'ops.system_logs'::regclass
  $$,
  $$values ('logged_at', 'week', interval '30 days', 'drop')$$,
  'a week is a partition, and goes after thirty days'
);

select ops.log('info', 'planted', 'x') \g /dev/null
select is(
  (select tableoid::regclass::text from ops.system_logs where source = 'planted'),
  format('partitions.ops_system_logs_y%sw%s',
    to_char(now() at time zone 'utc', 'IYYY'), to_char(now() at time zone 'utc', 'IW')),
  'an entry lies in the partition of its week'
);

create function pg_temp.plan_of(query text)
returns text
language plpgsql
as $$
declare
  line text;
  lines text := '';
begin
  for line in execute 'explain (costs off) ' || query loop
    lines := lines || line || e'\n';
  end loop;
  return lines;
end;
$$;

-- tables as small as in a test are not worth an index
set local enable_seqscan = off;
set local enable_bitmapscan = off;
set local enable_sort = off;
select matches(
  pg_temp.plan_of('select * from ops.system_logs order by logged_at desc limit 50'),
  'Index Scan Backward using \w+_pkey',
  'the latest entries come from the key'
);
select matches(
  pg_temp.plan_of($$
    select * from ops.system_logs where source = 'x' order by logged_at desc limit 50
  $$),
  'Index Scan Backward using \w*source\w*',
  'the latest entries of a source come from its index'
);

select * from finish();
rollback;
