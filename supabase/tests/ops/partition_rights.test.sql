-- Threat: a client reads rows past the policies of a table by naming its partition. And the service
-- key sees how partitions are, and marks what it has archived, but changes nothing else.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(14);

create table ops.planted (at timestamptz not null, note text) partition by range (at);
alter table ops.planted enable row level security;
grant select on ops.planted to service_role;
select ops.manage_partitions(
  'ops.planted', 'at', 'month', retention => '1 month', as_of => '2026-11-15 00:00+00'
) \g /dev/null
insert into ops.planted values ('2026-11-15 00:00+00', 'a');
insert into ops.detached_partitions (parent, child, retention_action, detached_at)
values ('ops.planted', 'partitions.ops_planted_y2020m01', 'drop', now());

select is_empty(
  $$
    select role, privilege
    from unnest('{anon, authenticated, service_role}'::text[]) as role
    cross join unnest('{usage, create}'::text[]) as privilege
    where has_schema_privilege(role, 'partitions', privilege)
  $$,
  'no role of the API can name what is in schema partitions'
);
select is_empty(
  $$
    select child
    from ops.partition_bounds('ops.planted')
    join pg_class on pg_class.oid = child
    where relacl is not null
  $$,
  'a partition has no right of its own'
);

grant usage on schema partitions to anon;
grant select on partitions.ops_planted_y2026m11 to anon;
select pg_temp.act_as('anon');
select is_empty(
  'select * from partitions.ops_planted_y2026m11',
  'a grant by mistake opens no rows: a partition has row-level security itself'
);
select throws_ok('select * from ops.partitions', '42501', null, 'anon sees no partitions');
select pg_temp.act_as('super_admin');
select throws_ok(
  'select * from ops.partition_health', '42501', null, 'a user sees nothing, whatever their role'
);

select pg_temp.act_as('service_role');
select isnt_empty('select * from ops.partition_config', 'the service key reads the configuration');
select is(
  (select count(*) from ops.partitions where parent = 'ops.planted'::regclass), 5::bigint,
  'the service key sees the partitions'
);
select is(
  (select ready_ahead from ops.partition_health where parent = 'ops.planted'::regclass) is not null,
  true,
  'the service key sees their health'
);
select throws_ok(
  'select * from partitions.ops_planted_y2026m11', '42501', null, 'but reads no partition'
);
select throws_ok(
  $$select ops.manage_partitions('ops.planted', 'at', 'day')$$,
  '42501', null, 'the service key changes no configuration'
);
select throws_ok(
  'select ops.maintain_partitions()', '42501', null, 'nor runs maintenance at a time it names'
);
select throws_ok(
  'update ops.detached_partitions set archived_at = now() where true',
  '42501', null, 'nor say that a partition is archived, which would have it dropped'
);
select throws_ok(
  'update ops.detached_partitions set child = ''auth.users'' where true',
  '42501', null, 'but can not have another table dropped'
);
select throws_ok(
  'update ops.partition_config set retention = ''1 day'' where true',
  '42501', null, 'nor shorten a retention'
);

select * from finish();
rollback;
