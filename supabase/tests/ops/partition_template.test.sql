-- A partition has what its parent has, or the parent's template; also what attach does not bring.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(13);

create table ops.planted_owners (id bigint primary key);
create table ops.planted (
  id bigint generated always as identity,
  gone int,
  owner_id bigint constraint planted_owner_id_fkey
    references ops.planted_owners (id) on delete cascade,
  at timestamptz not null default now(),
  note text constraint planted_note_check check (note <> ''),
  loud text generated always as (upper(note)) stored,
  primary key (id, at)
) partition by range (at);
-- columns that follow a dropped one have other numbers in the child
alter table ops.planted drop column gone;
create index planted_note_idx on ops.planted (note);
comment on table ops.planted is 'Planted events.';
comment on column ops.planted.note is 'What was said.';
alter table ops.planted enable row level security;
create policy planted_select_owners on ops.planted
for select to authenticated, service_role
using (
  note = 'public'
  or exists (select from ops.planted_owners where planted_owners.id = planted.owner_id)
);
create policy planted_insert_public on ops.planted as restrictive
for insert to public with check (note <> 'secret');

select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 1, storage_parameters => '{fillfactor=90}',
  as_of => '2026-11-15 00:00+00'
) \g /dev/null

create temporary view children as
select child from ops.partition_bounds('ops.planted');

select is((select count(*) from children), 3::bigint, 'there are three partitions to look at');
select is_empty(
  $$
    select child, indexes
    from children
    cross join lateral (
      select array_agg(regexp_replace(indexdef, '^.* USING', '') order by indexdef) as indexes
      from pg_indexes
      where format('%I.%I', schemaname, tablename)::regclass = child
    ) as found
    where indexes is distinct from array[' btree (note)', ' btree (id, at)']
  $$,
  'each has the indexes of its parent, once'
);
select is_empty(
  'select child from children join pg_class on oid = child where not relrowsecurity',
  'each has row-level security'
);
select is_empty(
  $$
    select child
    from children
    join pg_class on oid = child
    where reloptions is distinct from '{fillfactor=90}'
      or obj_description(child, 'pg_class') is distinct from 'Planted events.'
      or col_description(child, 4) is distinct from 'What was said.'
  $$,
  'each has the storage parameters and the comments'
);
select set_eq(
  $$
    select policyname::text, permissive, roles::text[], cmd, count(*)
    from pg_policies
    where schemaname = 'partitions' and tablename like 'ops_planted%'
    group by 1, 2, 3, 4
  $$,
  $$
    values
      ('planted_insert_public', 'RESTRICTIVE', '{public}'::text[], 'INSERT', 3::bigint),
      ('planted_select_owners', 'PERMISSIVE', '{authenticated,service_role}', 'SELECT', 3)
  $$,
  'each has the policies, with their roles and commands'
);
select is_empty(
  $$
    select tablename
    from pg_policies
    where schemaname = 'partitions'
      and tablename like 'ops_planted%'
      and cmd = 'SELECT'
      and qual not like format('%%planted_owners.id = %I.owner_id%%', tablename)
  $$,
  'a policy with a subquery means the columns of the partition, whatever their numbers'
);
select results_eq(
  $$
    select count(*), bool_and(conparentid <> 0), bool_and(convalidated)
    from pg_constraint
    where conrelid in (select child from children) and contype = 'f'
  $$,
  'values (3::bigint, true, true)',
  'each has the foreign key, as part of that of the parent'
);
select is_empty(
  'select conname from pg_constraint where conname = ''partition_bounds_check''',
  'the check that made attach quick is gone'
);

insert into ops.planted (at, note) values ('2026-11-15 00:00+00', 'a');
select results_eq(
  'select id, loud, tableoid::regclass::text from ops.planted',
  $$values (1::bigint, 'A', 'partitions.ops_planted_y2026m11')$$,
  'identity and generated columns work through the parent'
);
select throws_ok(
  $$insert into ops.planted (at, note) values ('2026-11-15 00:00+00', '')$$,
  '23514', null, 'a check of the parent holds'
);

create table ops.planted_template (like ops.planted including all excluding identity);
create index planted_template_owner_id_idx on ops.planted_template (owner_id);
alter table ops.planted_template set (fillfactor = 70, autovacuum_enabled = false);
comment on table ops.planted_template is 'Like this.';
select ops.manage_partitions(
  'ops.planted', 'at', 'month', ahead => 2, template => 'ops.planted_template',
  storage_parameters => '{fillfactor=80}', as_of => '2026-11-15 00:00+00'
) \g /dev/null
select set_eq(
  $$
    select
      obj_description(oid, 'pg_class'),
      (select array_agg(option order by option) from unnest(reloptions) as option),
      (select count(*) from pg_index where indrelid = pg_class.oid) as indexes,
      (select count(*) from pg_policy where polrelid = pg_class.oid) as policies,
      relrowsecurity
    from pg_class
    where oid = 'partitions.ops_planted_y2027m01'::regclass
  $$,
  $$
    values ('Like this.', '{autovacuum_enabled=false,fillfactor=80}'::text[], 3::bigint, 0::bigint,
      true)
  $$,
  'a template brings its own, and a parameter of the configuration is stronger'
);

-- what attach reads is counted: nothing, while the check implies the bounds and the key stands
create function pg_temp.scans_of_attach(with_check boolean)
returns bigint
language plpgsql
as $$
declare
  period record;
  child regclass;
  scans bigint;
begin
  select * into period from ops.partition_range('ops.planted', '2030-01-01 00:00+00');
  child := ops.build_partition(
    'ops.planted', period.lower_bound, period.upper_bound, with_foreign_keys => true
  );
  execute format('insert into %s (id, at) values (1, ''2030-01-01 00:00+00'')', child);
  if not with_check then
    execute format('alter table %s drop constraint partition_bounds_check', child);
  end if;
  scans := pg_stat_get_xact_numscans(child);
  perform ops.attach_partition('ops.planted', child, period.lower_bound, period.upper_bound);
  return pg_stat_get_xact_numscans(child) - scans;
end;
$$;
savepoint planted;
select is(pg_temp.scans_of_attach(true), 0::bigint, 'attach does not read a partition');
rollback to savepoint planted;
select is(pg_temp.scans_of_attach(false), 1::bigint, 'one without its check would be read');

select * from finish();
rollback;
