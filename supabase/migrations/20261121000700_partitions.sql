-- Partitions of any table, by configuration. A child is built beside its parent and attached when
-- it is complete: SHARE UPDATE EXCLUSIVE, where `create … partition of` shuts out every reader.
-- Bounds are read from the catalogs, never from names, and are in UTC whatever the time zone of the
-- session. Times and numbers take one path: arithmetic is done in bigint, microseconds or numbers.

create schema partitions;

comment on schema partitions is
  'Children of partitioned tables, so that no role of the API can reach rows past their parent''s '
  'policies. Nobody but the owner has usage.';

create table ops.partition_config (
  parent regclass primary key,
  control text not null,
  unit text not null,
  step bigint,
  ahead int not null,
  retention interval,
  retention_values bigint,
  retention_action text not null,
  template regclass,
  storage_parameters text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint partition_config_unit_check check (
    unit in ('hour', 'day', 'week', 'month', 'quarter', 'year', 'integer')
  ),
  constraint partition_config_step_check check (
    case when unit = 'integer' then step is not null and step > 0 else step is null end
  ),
  constraint partition_config_ahead_check check (ahead between 1 and 1000),
  constraint partition_config_retention_check check (
    coalesce(retention > interval '0', true)
    and coalesce(retention_values > 0, true)
    and case when unit = 'integer' then retention is null else retention_values is null end
  ),
  constraint partition_config_retention_action_check check (
    retention_action in ('keep', 'drop', 'archive')
  ),
  -- goes into DDL as it is
  constraint partition_config_storage_parameters_check check (
    array_to_string(storage_parameters, ',') ~ '^([a-z_.]+=[a-z0-9_.]+(,|$))*$'
  )
);

comment on table ops.partition_config is
  'Tables whose partitions are made and removed by age. ops.manage_partitions() writes the rows.';
comment on column ops.partition_config.control is 'The column of the partition key.';
comment on column ops.partition_config.unit is 'Length of a partition; integer: of step values.';
comment on column ops.partition_config.step is 'Values in a partition; for unit integer only.';
comment on column ops.partition_config.ahead is 'Partitions kept ready after the current one.';
comment on column ops.partition_config.retention is
  'A partition is detached when all of it is older; null: never.';
comment on column ops.partition_config.retention_values is
  'For unit integer: detached when this far below the greatest value; null: never.';
comment on column ops.partition_config.retention_action is
  'What becomes of a detached partition. keep: it stays; drop: it is dropped; archive: it is '
  'dropped once ops.detached_partitions.archived_at is set.';
comment on column ops.partition_config.template is
  'A table that children are made like in place of the parent, with its indexes, policies, comment '
  'and storage parameters. Made by create table … (like parent including all). Null: the parent.';
comment on column ops.partition_config.storage_parameters is
  'For children, as in fillfactor=90; a partitioned table takes none itself.';

create trigger partition_config_set_updated_at
  before update on ops.partition_config
  for each row execute function private.set_updated_at();

alter table ops.partition_config enable row level security;

create function ops.partition_point(
  unit text,
  value text
)
returns bigint
language sql
stable
parallel safe
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
  select case
    when partition_point.unit = 'integer' then partition_point.value::bigint
    -- a little before the last time of the type, so that a period around it has an end
    when partition_point.value::timestamptz > '-infinity'
      and partition_point.value::timestamptz < '290000-01-01 00:00+00'
      then (extract(epoch from partition_point.value::timestamptz) * 1000000)::bigint
  end;
$$;

comment on function ops.partition_point(text, text) is
  'A value of a partition key on the common axis: microseconds since 1970, or the number itself. '
  'Null for infinity and from the year 290000 on. Parameters: unit as in ops.partition_config, the '
  'value.';

create function ops.partition_value(
  unit text,
  point bigint
)
returns text
language sql
stable
parallel safe
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select case
    when partition_value.unit = 'integer' then partition_value.point::text
    else (timestamptz 'epoch' + partition_value.point * interval '1 microsecond')::text
  end;
$$;

comment on function ops.partition_value(text, bigint) is
  'The opposite of ops.partition_point: text that casts to the type of the partition key.';

create function ops.partition_period(
  unit text,
  step bigint,
  point bigint
)
returns int8range
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
declare
  length interval;
  first_moment timestamptz;
  first_value bigint;
begin
  if unit = 'integer' then
    first_value := greatest(floor(point::numeric / step) * step, -9223372036854775808);
    return int8range(first_value, least(first_value::numeric + step, 9223372036854775807)::bigint);
  end if;
  length := case unit when 'quarter' then '3 months' else '1 ' || unit end::interval;
  first_moment := date_trunc(unit, ops.partition_value(unit, point)::timestamptz);
  return int8range(
    ops.partition_point(unit, first_moment::text),
    ops.partition_point(unit, (first_moment + length)::text)
  );
end;
$$;

comment on function ops.partition_period(text, bigint, bigint) is
  'The whole period around a point, on the common axis. Weeks begin on Monday.';

create function ops.partition_bounds(parent regclass)
returns table (
  child regclass,
  lower_bound text,
  upper_bound text,
  is_default boolean
)
language sql
stable
rows 40
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select
    pg_class.oid::regclass,
    nullif(btrim(bounds.ends[1], ''''), 'MINVALUE'),
    nullif(btrim(bounds.ends[2], ''''), 'MAXVALUE'),
    bounds.ends is null
  from pg_catalog.pg_inherits
  join pg_catalog.pg_class on pg_class.oid = pg_inherits.inhrelid
  cross join lateral regexp_match(
    pg_get_expr(pg_class.relpartbound, pg_class.oid), '^FOR VALUES FROM \((.*)\) TO \((.*)\)$'
  ) as bounds (ends)
  where pg_inherits.inhparent = partition_bounds.parent
    and pg_class.relispartition
    and not pg_inherits.inhdetachpending;
$$;

comment on function ops.partition_bounds(regclass) is
  'The partitions of a table that is partitioned by range of one column, from the catalogs. Bounds '
  'are text that casts to the type of that column, times in UTC; null where there is no end, and '
  'both null for the default.';

create function ops.partition_settings(parent regclass)
returns ops.partition_config
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  config ops.partition_config;
begin
  select partition_config.* into config
  from ops.partition_config
  where partition_config.parent = partition_settings.parent;
  if config.parent is null then
    perform private.fail('PL010', partition_settings.parent::text);
  end if;
  return config;
end;
$$;

comment on function ops.partition_settings(regclass) is
  'The row of ops.partition_config. Raises PL010 when the table is not under management.';

create function ops.partition_coverage(parent regclass)
returns int8multirange
language sql
stable
security invoker
set search_path = ''
as $$
  select coalesce(
    range_agg(
      int8range(
        ops.partition_point(config.unit, bounds.lower_bound),
        ops.partition_point(config.unit, bounds.upper_bound)
      )
    ),
    '{}'
  )
  from ops.partition_settings(partition_coverage.parent) as config
  cross join ops.partition_bounds(partition_coverage.parent) as bounds
  where not bounds.is_default;
$$;

comment on function ops.partition_coverage(regclass) is
  'What the partitions of a table cover, without its default, on the common axis. Raises PL010 '
  'when it is not under management.';

create function ops.partition_range(
  parent regclass,
  value text
)
returns table (
  lower_bound text,
  upper_bound text
)
language sql
stable
rows 1
security invoker
set search_path = ''
as $$
  select
    ops.partition_value(config.unit, lower(free.span)),
    ops.partition_value(config.unit, upper(free.span))
  from ops.partition_settings(partition_range.parent) as config
  cross join lateral ops.partition_point(config.unit, partition_range.value) as point
  cross join lateral unnest(
    int8multirange(ops.partition_period(config.unit, config.step, point))
    - ops.partition_coverage(partition_range.parent)
  ) as free (span)
  where free.span @> point;
$$;

comment on function ops.partition_range(regclass, text) is
  'The bounds that a partition for a value would have: the period of the configured unit, cut '
  'where partitions cover part of it. No row when one covers the value. Raises PL010 when the '
  'table is not under management.';

create function ops.lock_partitions(wait boolean default true)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  key bigint := hashtextextended('ops.partitions', 0);
begin
  if not wait then
    return pg_try_advisory_xact_lock(key);
  end if;
  perform pg_advisory_xact_lock(key);
  return true;
end;
$$;

comment on function ops.lock_partitions(boolean) is
  'Keeps other transactions from changing partitions until this one ends. Waits for its turn, or '
  'returns false when it may not wait and another one is at it.';

create function ops.partition_name(
  parent regclass,
  lower_bound text,
  upper_bound text
)
returns text
language plpgsql
stable
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
  base text;
  ending text;
  candidate text;
begin
  select pg_namespace.nspname || '_' || pg_class.relname into base
  from pg_catalog.pg_class
  join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
  where pg_class.oid = partition_name.parent;

  ending := case
    when lower_bound is null and upper_bound is null then 'default'
    when lower_bound is null then 'first'
    when config.unit = 'integer' then 'i' || replace(lower_bound, '-', 'm')
    else to_char(
      lower_bound::timestamptz,
      case config.unit
        when 'hour' then '"y"YYYY"m"MM"d"DD"h"HH24'
        when 'day' then '"y"YYYY"m"MM"d"DD'
        when 'week' then '"y"IYYY"w"IW'
        when 'month' then '"y"YYYY"m"MM'
        when 'quarter' then '"y"YYYY"q"Q'
        else '"y"YYYY'
      end
    )
  end;

  -- a partition that was detached and kept, or the other part of a cut period, may have the name
  for copy in 1..1000 loop
    candidate := '_' || ending || case when copy > 1 then '_' || copy else '' end;
    if octet_length(base || candidate) > 63 then
      -- the limit is in bytes, and no character may be cut
      select left(base, length) || '_' || left(md5(base), 8) || candidate into candidate
      from generate_series(1, char_length(base)) as length
      where octet_length(left(base, length) || candidate) <= 63 - 9
      order by length desc
      limit 1;
    else
      candidate := base || candidate;
    end if;
    exit when to_regclass(format('partitions.%I', candidate)) is null;
  end loop;
  return candidate;
end;
$$;

comment on function ops.partition_name(regclass, text, text) is
  'A free name in schema partitions for a child: schema, table and period of the lower bound, '
  'shortened by a hash to 63 bytes, numbered when it is taken. Raises PL010 when the table is not '
  'under management.';

create function ops.copy_policies(
  source regclass,
  child regclass
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  source_name name := (select relname from pg_catalog.pg_class where oid = source);
  child_name name := (select relname from pg_catalog.pg_class where oid = child);
  policy record;
begin
  if not exists (select from pg_catalog.pg_policy where pg_policy.polrelid = source) then
    return;
  end if;
  -- Inside a subquery an expression names the table whose policy it is, so the child takes that
  -- name for as long as the expressions are read.
  execute format('alter table %s rename to %I', child, source_name);
  for policy in
    select
      pg_policy.polname as name,
      case when pg_policy.polpermissive then 'permissive' else 'restrictive' end as kind,
      case pg_policy.polcmd
        when 'r' then 'select'
        when 'a' then 'insert'
        when 'w' then 'update'
        when 'd' then 'delete'
        else 'all'
      end as command,
      (
        select string_agg(coalesce(quote_ident(pg_roles.rolname), 'public'), ', ')
        from unnest(pg_policy.polroles) as role
        left join pg_catalog.pg_roles on pg_roles.oid = role
      ) as roles,
      ' using (' || pg_get_expr(pg_policy.polqual, source) || ')' as condition,
      ' with check (' || pg_get_expr(pg_policy.polwithcheck, source) || ')' as check_condition
    from pg_catalog.pg_policy
    where pg_policy.polrelid = source
  loop
    execute format(
      'create policy %I on %s as %s for %s to %s%s%s',
      policy.name, child, policy.kind, policy.command, policy.roles, policy.condition,
      policy.check_condition
    );
  end loop;
  execute format('alter table %s rename to %I', child, child_name);
end;
$$;

comment on function ops.copy_policies(regclass, regclass) is
  'Gives a new table in schema partitions the policies of another one with the same columns.';

create function ops.build_partition(
  parent regclass,
  lower_bound text,
  upper_bound text,
  with_foreign_keys boolean default false
)
returns regclass
language plpgsql
volatile
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
  source pg_catalog.pg_class;
  name text;
  child regclass;
  options text;
  foreign_key record;
begin
  perform ops.lock_partitions();
  name := ops.partition_name(parent, lower_bound, upper_bound);
  select pg_class.* into source
  from pg_catalog.pg_class
  where pg_class.oid = coalesce(config.template, build_partition.parent);

  -- identity belongs to the parent: rows come through it
  execute format(
    'create table partitions.%I (like %s including all excluding identity)',
    name, source.oid::regclass
  );
  child := format('partitions.%I', name)::regclass;
  execute format('alter table %s enable row level security', child);
  execute format(
    'comment on table %s is %L',
    child, coalesce(obj_description(source.oid, 'pg_class'), format('Partition of %s.', parent))
  );
  for options in
    select array_to_string(given.parameters, ', ')
    from (
      values (1, source.reloptions), (2, config.storage_parameters)
    ) as given (turn, parameters)
    where cardinality(given.parameters) > 0
    order by given.turn
  loop
    execute format('alter table %s set (%s)', child, options);
  end loop;
  -- Like copies no foreign keys; attach adds them, and reads the rows for it. Those that stand are
  -- not checked again, but attach shuts everybody out of the table that they refer to.
  for foreign_key in
    select pg_constraint.conname, pg_get_constraintdef(pg_constraint.oid) as definition
    from pg_catalog.pg_constraint
    where with_foreign_keys
      and pg_constraint.conrelid = build_partition.parent
      and pg_constraint.contype = 'f'
      and pg_constraint.conparentid = 0
  loop
    execute format(
      'alter table %s add constraint %I %s', child, foreign_key.conname, foreign_key.definition
    );
  end loop;
  perform ops.copy_policies(source.oid::regclass, child);
  if lower_bound is not null or upper_bound is not null then
    -- implies the partition constraint, so that attach needs no scan
    execute format(
      'alter table %s add constraint partition_bounds_check check (%s)',
      child,
      concat_ws(
        ' and ',
        format('%I is not null', config.control),
        case when lower_bound is not null then format('%I >= %L', config.control, lower_bound) end,
        case when upper_bound is not null then format('%I < %L', config.control, upper_bound) end
      )
    );
  end if;
  return child;
end;
$$;

comment on function ops.build_partition(regclass, text, text, boolean) is
  'Makes an empty table in schema partitions, like the parent or its template, ready to attach: '
  'indexes, checks, policies, comments, storage parameters, and a check that implies its bounds. '
  'Parameters: the parent; bounds as in ops.partition_bounds, both null: a default; whether with '
  'foreign keys, for a table that is filled before it is attached. Holds ops.lock_partitions. The '
  'API reloads its schema after it. Raises PL010 when the parent is not under management.';

create function ops.attach_partition(
  parent regclass,
  child regclass,
  lower_bound text,
  upper_bound text
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
set timezone = 'UTC'
set client_min_messages = warning
as $$
begin
  perform ops.lock_partitions();
  execute format(
    'alter table %s attach partition %s %s',
    parent,
    child,
    case
      when lower_bound is null and upper_bound is null then 'default'
      else format(
        'for values from (%s) to (%s)',
        case when lower_bound is null then 'minvalue' else quote_literal(lower_bound) end,
        case when upper_bound is null then 'maxvalue' else quote_literal(upper_bound) end
      )
    end
  );
  execute format('alter table %s drop constraint if exists partition_bounds_check', child);
end;
$$;

comment on function ops.attach_partition(regclass, regclass, text, text) is
  'Attaches a table as partition with these bounds, or as default when both are null. Takes SHARE '
  'UPDATE EXCLUSIVE on the parent, ACCESS EXCLUSIVE on the child and on the default, SHARE ROW '
  'EXCLUSIVE on tables that foreign keys refer to (ACCESS EXCLUSIVE where the child has the key '
  'already), and reads the default; the child only when no check implies the bounds. Raises 23514 '
  'when the default holds rows of that range, 42P17 when another partition does.';

select private.define_error('PL010', 400, 'The partitions of %s are not under management.',
  'Call ops.manage_partitions.');

grant select on ops.partition_config to service_role;
grant execute on function ops.partition_bounds(regclass) to service_role;
