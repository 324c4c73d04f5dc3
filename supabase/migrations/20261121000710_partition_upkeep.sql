-- Partitions are made ahead of their rows and leave by age. A plan says what is due, from the
-- catalogs and the clock alone; one action of it is one short transaction. The executor takes one
-- action a call (ops.upkeep_partitions), a migration or an operator all of them at once.

create table ops.detached_partitions (
  id bigint generated always as identity primary key,
  parent text not null,
  child text not null,
  lower_bound text,
  upper_bound text,
  retention_action text not null,
  detached_at timestamptz not null,
  archived_at timestamptz,
  dropped_at timestamptz,
  constraint detached_partitions_retention_action_check
    check (retention_action in ('keep', 'drop', 'archive'))
);

create unique index detached_partitions_child_key on ops.detached_partitions (child)
  where dropped_at is null;

comment on table ops.detached_partitions is
  'Partitions that retention took from their parent. Whoever archives one sets archived_at; with '
  'retention action archive it is dropped only then.';
comment on column ops.detached_partitions.parent is 'Qualified name; the table may be gone.';
comment on column ops.detached_partitions.child is 'Qualified name; gone once it is dropped.';
comment on column ops.detached_partitions.lower_bound is 'Its bound while it was attached, in UTC.';
comment on column ops.detached_partitions.retention_action is
  'What its parent''s retention was when it was detached; a later change of that one does not drop '
  'what waits for its archive.';
comment on column ops.detached_partitions.archived_at is
  'Null while it is not archived; set only beside its row in archive.manifest.';
comment on column ops.detached_partitions.dropped_at is 'Null while the table stands.';

alter table ops.detached_partitions enable row level security;

select private.define_error('PL016', 400, '%s was taken from its table to be archived, and takes '
  'no more writes.', 'To write to it, attach it again and call ops.maintain_partitions().');

create function private.refuse_archived_write()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  perform private.fail('PL016', tg_relid::regclass::text);
end;
$$;

comment on function private.refuse_archived_write() is
  'Trigger function of a partition that was detached to be archived: what is written after its '
  'rows were read would be dropped with it. Raises PL016.';

-- set in the transaction of the detach, whose lock no writer passes
create function ops.guard_detached(child regclass)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  foreign_key record;
begin
  -- else what cascades from another table would be refused there, to people who know nothing of it
  for foreign_key in
    select pg_constraint.conname
    from pg_catalog.pg_constraint
    where pg_constraint.conrelid = guard_detached.child
      and pg_constraint.contype = 'f'
      and pg_constraint.conparentid = 0
  loop
    execute format('alter table %s drop constraint %I', child, foreign_key.conname);
  end loop;
  execute format(
    'create or replace trigger archived_refuse_write before insert or update or delete on %s '
    'for each row execute function private.refuse_archived_write()', child
  );
  execute format(
    'create or replace trigger archived_refuse_truncate before truncate on %s '
    'for each statement execute function private.refuse_archived_write()', child
  );
  -- always: session_replication_role switches off the others
  execute format('alter table %s enable always trigger archived_refuse_write', child);
  execute format('alter table %s enable always trigger archived_refuse_truncate', child);
end;
$$;

comment on function ops.guard_detached(regclass) is
  'Refuses all further writes to a detached partition, once those under way have ended, and drops '
  'its foreign keys: its rows stay as they were when it was detached.';

create function ops.is_guarded(child regclass)
returns boolean
language sql
stable
security invoker
set search_path = ''
as $$
  select count(*) = 2
  from pg_catalog.pg_trigger
  where pg_trigger.tgrelid = is_guarded.child
    and pg_trigger.tgfoid = 'private.refuse_archived_write()'::regprocedure
    and pg_trigger.tgname in ('archived_refuse_write', 'archived_refuse_truncate')
    and pg_trigger.tgenabled = 'A';
$$;

comment on function ops.is_guarded(regclass) is
  'Whether a detached partition refuses writes as ops.guard_detached() left it.';

create function ops.free_reattached(child regclass)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  execute format('drop trigger if exists archived_refuse_write on %s', child);
  execute format('drop trigger if exists archived_refuse_truncate on %s', child);
  delete from ops.detached_partitions
  where detached_partitions.child = free_reattached.child::text
    and detached_partitions.dropped_at is null;
end;
$$;

comment on function ops.free_reattached(regclass) is
  'Lets a partition that somebody has attached again be written to, and forgets that it was '
  'detached and, maybe, archived.';

create function ops.partition_head(
  parent regclass,
  as_of timestamptz default now()
)
returns bigint
language plpgsql
stable
security invoker
set search_path = ''
set datestyle = 'ISO'
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
  head bigint;
begin
  if config.unit <> 'integer' then
    return ops.partition_point(config.unit, as_of::text);
  end if;
  -- a value that no partition takes says nothing: one wrong number must not make all others old
  execute format(
    'select max(%1$I) from %2$s where %1$I < coalesce($1, 9223372036854775807)',
    config.control, config.parent
  )
  into head
  using upper(ops.partition_coverage(config.parent));
  return coalesce(head, 0);
end;
$$;

comment on function ops.partition_head(regclass, timestamptz) is
  'Where a partitioned table is now, on the axis of ops.partition_point: the time, or its greatest '
  'value below the end of its partitions. Raises PL010 when it is not under management.';

create function ops.partition_periods(
  parent regclass,
  as_of timestamptz default now()
)
returns table (
  place int,
  span int8range
)
language sql
stable
rows 10
security invoker
set search_path = ''
as $$
  with recursive
  config as materialized (
    select * from ops.partition_settings(partition_periods.parent)
  ),
  periods (place, span) as (
    select
      0, ops.partition_period(unit, step, ops.partition_head(parent, partition_periods.as_of))
    from config
    union all
    select periods.place + 1, ops.partition_period(config.unit, config.step, upper(periods.span))
    from periods
    cross join config
    where periods.place < config.ahead
  )
  select * from periods;
$$;

comment on function ops.partition_periods(regclass, timestamptz) is
  'The periods that must have a partition: the current one (place 0) and those ahead. Raises PL010 '
  'when the table is not under management.';

create function ops.default_has_rows(
  parent regclass,
  lower_bound text default null,
  upper_bound text default null
)
returns boolean
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
  default_child regclass := (
    select bounds.child from ops.partition_bounds(config.parent) as bounds where bounds.is_default
  );
  has_rows boolean;
begin
  if default_child is null then
    return false;
  end if;
  execute format(
    'select exists (select from %s where true%s%s)',
    default_child,
    case when lower_bound is not null then format(' and %I >= %L', config.control, lower_bound) end,
    case when upper_bound is not null then format(' and %I < %L', config.control, upper_bound) end
  )
  into has_rows;
  return has_rows;
end;
$$;

comment on function ops.default_has_rows(regclass, text, text) is
  'Whether the default partition holds rows from one bound up to the other; null: without end. '
  'Raises PL010 when the table is not under management.';

create function ops.default_obstacle(
  parent regclass,
  lower_bound text,
  upper_bound text
)
returns text
language sql
stable
security invoker
set search_path = ''
as $$
  select case
    when ops.default_has_rows(default_obstacle.parent, lower_bound, upper_bound)
      then 'the default holds rows of it'
    when exists (
      select
      from ops.partition_bounds(default_obstacle.parent) as bounds
      where bounds.is_default
        and pg_relation_size(bounds.child) > ops.setting('ops.partition_default_bytes')::bigint
    )
      then 'the default is too large to be read under a lock'
  end;
$$;

comment on function ops.default_obstacle(regclass, text, text) is
  'Why a partition with these bounds can not be attached before the default is drained; null when '
  'it can. Attach reads the default under a lock that shuts out its readers.';

create function ops.partition_plan(
  parent regclass,
  as_of timestamptz default now()
)
returns table (
  action text,
  child text,
  lower_bound text,
  upper_bound text,
  detail text
)
language sql
stable
rows 10
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  with
  config as materialized (
    select
      settings.*,
      case settings.unit
        when 'integer' then ops.partition_head(settings.parent) - settings.retention_values
        else ops.partition_point(
          settings.unit, (partition_plan.as_of - settings.retention)::text
        )
      end as oldest
    from ops.partition_settings(partition_plan.parent) as settings
  ),
  standing as materialized (
    select * from ops.partition_bounds(partition_plan.parent)
  ),
  missing as (
    select
      lower(free.span) as point,
      ops.partition_value(config.unit, lower(free.span)) as lower_bound,
      ops.partition_value(config.unit, upper(free.span)) as upper_bound
    from config
    cross join ops.partition_periods(partition_plan.parent, partition_plan.as_of) as periods
    cross join lateral unnest(
      -- selected, so that it is read once
      int8multirange(periods.span) - (select ops.partition_coverage(partition_plan.parent))
    ) as free (span)
  ),
  due (rank, point, action, child, lower_bound, upper_bound, detail) as (
    select 1, 0::bigint, 'create', null::text, null::text, null::text, 'default'
    where not exists (select from standing where is_default)
    union all
    select
      2,
      missing.point,
      case when obstacle is null then 'create' else 'blocked' end,
      null,
      missing.lower_bound,
      missing.upper_bound,
      concat_ws(': ', missing.lower_bound || ' to ' || missing.upper_bound, obstacle)
    from missing
    cross join lateral ops.default_obstacle(
      partition_plan.parent, missing.lower_bound, missing.upper_bound
    ) as obstacle
    union all
    select
      3,
      ops.partition_point(config.unit, standing.upper_bound),
      'detach',
      standing.child::text,
      standing.lower_bound,
      standing.upper_bound,
      format('%s to %s', standing.lower_bound, standing.upper_bound)
    from config
    cross join standing
    where ops.partition_point(config.unit, standing.upper_bound) <= config.oldest
    union all
    select
      4,
      detached.id,
      'drop',
      detached.child,
      detached.lower_bound,
      detached.upper_bound,
      format('detached at %s', detached.detached_at)
    from config
    join ops.detached_partitions as detached on detached.parent = config.parent::text
    where detached.dropped_at is null
      and (
        detached.retention_action = 'drop'
        or (detached.retention_action = 'archive' and detached.archived_at is not null)
      )
      -- not when somebody has attached it again
      and not exists (
        select
        from pg_catalog.pg_class
        where pg_class.oid = to_regclass(detached.child) and pg_class.relispartition
      )
    union all
    select
      0, detached.id, 'reattached', detached.child, detached.lower_bound, detached.upper_bound,
      format('detached at %s', detached.detached_at)
    from config
    join ops.detached_partitions as detached on detached.parent = config.parent::text
    join standing on standing.child::text = detached.child
    where detached.dropped_at is null
  )
  select due.action, due.child, due.lower_bound, due.upper_bound, due.detail
  from due
  order by due.rank, due.point;
$$;

comment on function ops.partition_plan(regclass, timestamptz) is
  'What is due for a partitioned table, in order: create (without bounds: the default), blocked (a '
  'partition that can not be made before the default is drained), reattached (by somebody, after '
  'it was detached: it is one of the table again), detach, drop. Raises PL010 when '
  'the table is not under management.';

create function ops.apply_partition_action(
  parent regclass,
  action text,
  inout child text,
  lower_bound text,
  upper_bound text,
  as_of timestamptz default now(),
  out locked_at timestamptz
)
returns record
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  kept_action text;
begin
  if action = 'create' then
    child := ops.build_partition(parent, lower_bound, upper_bound)::text;
  end if;
  locked_at := clock_timestamp();
  case action
    when 'create' then
      perform ops.attach_partition(parent, child::regclass, lower_bound, upper_bound);
    when 'detach' then
      -- concurrently is refused for a table with a default
      execute format('alter table %s detach partition %s', parent, child);
      kept_action := (ops.partition_settings(parent)).retention_action;
      insert into ops.detached_partitions (
        parent, child, lower_bound, upper_bound, retention_action, detached_at
      )
      values (parent::text, child, lower_bound, upper_bound, kept_action, as_of);
      if kept_action = 'archive' then
        perform ops.guard_detached(child::regclass);
      end if;
    when 'reattached' then
      perform ops.free_reattached(child::regclass);
    when 'drop' then
      if to_regclass(child) is not null then
        execute format('lock table %s in access exclusive mode', child);
        select detached_partitions.retention_action into kept_action
        from ops.detached_partitions
        where detached_partitions.child = apply_partition_action.child
          and detached_partitions.dropped_at is null;
        if kept_action = 'archive' and not ops.is_guarded(child::regclass) then
          -- somebody may have written to it: it is archived anew
          perform ops.guard_detached(child::regclass);
          update ops.detached_partitions
          set archived_at = null
          where detached_partitions.child = apply_partition_action.child
            and detached_partitions.dropped_at is null;
          return;
        end if;
      end if;
      execute format('drop table if exists %s', child);
      update ops.detached_partitions
      set dropped_at = as_of
      where detached_partitions.child = apply_partition_action.child
        and detached_partitions.dropped_at is null;
    when 'blocked' then
      null;
  end case;
end;
$$;

comment on function ops.apply_partition_action(regclass, text, text, text, text, timestamptz) is
  'Does one action of ops.partition_plan. Returns the name of the child, and the time from which '
  'it waited for locks on the parent and held them.';

create function ops.maintain_table(
  parent regclass,
  as_of timestamptz default now(),
  actions text[] default '{create, blocked, reattached, detach, drop}'
)
returns table (
  action text,
  child text,
  detail text
)
language plpgsql
volatile
rows 10
security invoker
set search_path = ''
as $$
declare
  due record;
begin
  perform ops.lock_partitions();
  for due in
    select plan.*
    from ops.partition_plan(parent, as_of) as plan
    where plan.action = any (actions)
  loop
    action := due.action;
    detail := due.detail;
    select done.child into child
    from ops.apply_partition_action(
      parent, due.action, due.child, due.lower_bound, due.upper_bound, as_of
    ) as done;
    return next;
  end loop;
end;
$$;

comment on function ops.maintain_table(regclass, timestamptz, text[]) is
  'Does what is due for one partitioned table, or the given actions of it, in this transaction. '
  'Returns what it did. Raises PL010 when the table is not under management.';

create function ops.maintain_partitions(as_of timestamptz default now())
returns table (
  parent regclass,
  action text,
  child text,
  detail text
)
language sql
volatile
security invoker
set search_path = ''
as $$
  select config.parent, done.action, done.child, done.detail
  from ops.partition_config as config
  join pg_catalog.pg_class on pg_class.oid = config.parent
  cross join lateral ops.maintain_table(config.parent, maintain_partitions.as_of) as done
  order by config.parent::text;
$$;

comment on function ops.maintain_partitions(timestamptz) is
  'Does what is due for all partitioned tables and returns what it did. What it detaches, the next '
  'call drops. One transaction, which keeps each lock to its end: for migrations and quiet hours; '
  'ops.upkeep_partitions is for every minute.';

create function ops.create_monthly_partitions()
returns table (
  parent regclass,
  action text,
  child text,
  detail text
)
language sql
volatile
security invoker
set search_path = ''
as $$
  select config.parent, done.action, done.child, done.detail
  from ops.partition_config as config
  join pg_catalog.pg_class on pg_class.oid = config.parent
  cross join lateral ops.maintain_table(config.parent, now(), '{create, blocked}') as done
  where config.unit = 'month'
  order by config.parent::text;
$$;

comment on function ops.create_monthly_partitions() is
  'Makes the partitions that are due of all tables partitioned by month; a name of old for a part '
  'of ops.maintain_partitions.';

create function ops.log_partition_failure(parent regclass, reason text)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  -- it fails again each minute until somebody mends it
  if not exists (
    select 1
    from ops.system_logs
    where system_logs.logged_at > now() - interval '1 hour'
      and system_logs.source = 'partitions'
      and system_logs.level = 'error'
      and system_logs.details ->> 'parent' = log_partition_failure.parent::text
  ) then
    perform ops.log(
      'error', 'partitions', format('upkeep of %s failed: %s', parent, reason),
      jsonb_build_object('parent', parent::text)
    );
  end if;
end;
$$;

comment on function ops.log_partition_failure(regclass, text) is
  'Logs why the partitions of a table could not be kept up, at most once an hour a table.';

create function ops.upkeep_partitions()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  managed record;
  due record;
  done record;
  is_done boolean := false;
  is_locked boolean := false;
  has_failed boolean := false;
begin
  if not ops.lock_partitions(wait => false) then
    return false;
  end if;
  perform set_config('lock_timeout', ops.setting('ops.lock_timeout_ms') #>> '{}', true);
  delete from ops.partition_config
  where not exists (select from pg_catalog.pg_class where pg_class.oid = partition_config.parent);

  -- in random order; a table that is busy, or whose action fails, keeps no other one waiting
  for managed in
    select partition_config.parent from ops.partition_config order by random()
  loop
    begin
      select managed.parent, plan.* into due
      from ops.partition_plan(managed.parent) as plan
      where plan.action <> 'blocked'
      limit 1;
      if found then
        select applied.* into done
        from ops.apply_partition_action(
          due.parent, due.action, due.child, due.lower_bound, due.upper_bound
        ) as applied;
        is_done := true;
      end if;
    exception
      when lock_not_available or deadlock_detected then
        is_locked := true;
      -- by a later foreign key, for example, or a renamed column
      when assert_failure or others then
        perform ops.log_partition_failure(managed.parent, sqlerrm);
        has_failed := true;
    end;
    exit when is_done;
  end loop;
  if not is_done then
    -- unless that would undo what was logged
    if is_locked and not has_failed then
      raise lock_not_available using message = 'A table whose partitions are due is locked.';
    end if;
    return false;
  end if;

  perform ops.log(
    'info',
    'partitions',
    format('%s %s', due.action, done.child),
    jsonb_build_object(
      'parent', due.parent::text,
      'detail', due.detail,
      'locked_ms', round(extract(epoch from clock_timestamp() - done.locked_at) * 1000, 1)
    )
  );
  return true;
end;
$$;

comment on function ops.upkeep_partitions() is
  'Handler of the executor: does one action of ops.partition_plan, logs it with the milliseconds '
  'that it waited for locks and held them, and returns whether there was one. False also while '
  'another transaction changes partitions. What fails for one table is logged, once an hour, and '
  'the next table has its turn. Raises 55P03 when a lock is not free within ops.lock_timeout_ms '
  'and nothing else is due or failed.';

create function ops.remove_unused_partitions(
  parent regclass,
  as_of timestamptz default now()
)
returns table (
  child text,
  detail text
)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
  ahead record;
  has_rows boolean;
begin
  -- before the children, in the order that writers take
  execute format('lock table only %s in access exclusive mode', config.parent);
  for ahead in
    select bounds.*
    from ops.partition_bounds(config.parent) as bounds
    join pg_catalog.pg_class on pg_class.oid = bounds.child
    where pg_class.relnamespace = 'partitions'::regnamespace
      and ops.partition_point(config.unit, bounds.lower_bound)
        > ops.partition_head(config.parent, as_of)
  loop
    execute format('select exists (select from %s)', ahead.child) into has_rows;
    continue when has_rows;
    child := ahead.child::text;
    detail := format('%s to %s', ahead.lower_bound, ahead.upper_bound);
    execute format('drop table %s', ahead.child);
    return next;
  end loop;
end;
$$;

comment on function ops.remove_unused_partitions(regclass, timestamptz) is
  'Drops the partitions that lie ahead and are empty, so that a new interval begins soon. Shuts '
  'everybody out of the table to the end of the transaction. Raises PL010 when the table is not '
  'under management.';

create function ops.adopt_partitions(parent regclass)
returns table (child text, detail text)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  stranger record;
  grantee text;
  divided regclass := (
    select pg_class.oid
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class on pg_class.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = adopt_partitions.parent and pg_class.relkind = 'p'
    order by pg_class.relname
    limit 1
  );
begin
  -- what is below would still be read past the policies of the parent
  if divided is not null then
    perform private.fail('PL018', parent::text, divided::text);
  end if;
  for stranger in
    select
      pg_class.oid::regclass::text as name, pg_class.relname, pg_class.relnamespace,
      pg_class.relacl,
      pg_class.relowner, pg_class.relrowsecurity
    from pg_catalog.pg_inherits
    join pg_catalog.pg_class on pg_class.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = adopt_partitions.parent
      and (
        pg_class.relnamespace <> 'partitions'::regnamespace
        or not pg_class.relrowsecurity
      )
    order by pg_class.relname
  loop
    for grantee in
      select distinct coalesce(quote_ident(pg_roles.rolname), 'public')
      from aclexplode(stranger.relacl) as entry
      left join pg_catalog.pg_roles on pg_roles.oid = entry.grantee
      where entry.grantee <> stranger.relowner
    loop
      execute format('revoke all on table %s from %s', stranger.name, grantee);
    end loop;
    execute format('alter table %s enable row level security', stranger.name);
    if stranger.relnamespace <> 'partitions'::regnamespace then
      execute format('alter table %s set schema partitions', stranger.name);
    end if;
    child := format('partitions.%I', stranger.relname);
    detail := format('was %s', stranger.name);
    return next;
  end loop;
end;
$$;

comment on function ops.adopt_partitions(regclass) is
  'Brings the partitions that a table has already where all of them live: into the schema '
  'partitions, under row level security, without rights of others, so that nobody reads past the '
  'policies of the parent. Returns those it changed and what they were called. Raises 42P07 when '
  'the schema holds a table of that name, PL018 when a partition is partitioned itself.';

create function ops.manage_partitions(
  parent regclass,
  control text,
  unit text,
  ahead int default null,
  retention interval default null,
  retention_action text default 'drop',
  step bigint default null,
  retention_values bigint default null,
  template regclass default null,
  storage_parameters text[] default '{}',
  as_of timestamptz default now()
)
returns table (
  action text,
  child text,
  detail text
)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  target record;
  referrers text;
  previous ops.partition_config;
begin
  select
    pg_class.relkind,
    pg_class.relispartition,
    pg_partitioned_table.partstrat = 'r'
      and pg_partitioned_table.partnatts = 1
      and pg_attribute.attname = manage_partitions.control as has_control,
    format_type(pg_attribute.atttypid, null) as type
  into target
  from pg_catalog.pg_class
  left join pg_catalog.pg_partitioned_table on pg_partitioned_table.partrelid = pg_class.oid
  left join pg_catalog.pg_attribute
    on pg_attribute.attrelid = pg_class.oid
    and pg_attribute.attnum = pg_partitioned_table.partattrs[0]
  where pg_class.oid = manage_partitions.parent;

  if target.relkind is distinct from 'p' then
    perform private.fail('PL011', parent::text);
  elsif target.relispartition then
    perform private.fail('PL012', parent::text);
  elsif target.has_control is not true then
    perform private.fail('PL013', parent::text, control);
  elsif not coalesce(
    target.type = any (
      case
        when unit = 'integer' then '{bigint, integer, smallint}'::text[]
        when unit = 'hour' then '{timestamp with time zone, timestamp without time zone}'
        when unit in ('day', 'week', 'month', 'quarter', 'year')
          then '{timestamp with time zone, timestamp without time zone, date}'
      end
    ),
    false
  ) then
    perform private.fail('PL014', coalesce(unit, 'null'), control, target.type);
  end if;
  if retention is not null or retention_values is not null then
    select string_agg(pg_constraint.conrelid::regclass::text, ', ') into referrers
    from pg_catalog.pg_constraint
    where pg_constraint.confrelid = manage_partitions.parent
      and pg_constraint.contype = 'f'
      and pg_constraint.conparentid = 0;
    if referrers is not null then
      perform private.fail('PL015', parent::text, referrers);
    end if;
  end if;

  perform ops.lock_partitions();
  select partition_config.* into previous
  from ops.partition_config
  where partition_config.parent = manage_partitions.parent;
  insert into ops.partition_config (
    parent, control, unit, step, ahead, retention, retention_values, retention_action, template,
    storage_parameters
  )
  values (
    parent, control, unit, step,
    coalesce(ahead, (ops.setting('ops.partitions_ahead') ->> unit)::int),
    retention, retention_values, retention_action, template, storage_parameters
  )
  on conflict on constraint partition_config_pkey do update
  set
    control = excluded.control,
    unit = excluded.unit,
    step = excluded.step,
    ahead = excluded.ahead,
    retention = excluded.retention,
    retention_values = excluded.retention_values,
    retention_action = excluded.retention_action,
    template = excluded.template,
    storage_parameters = excluded.storage_parameters;

  return query
  select 'adopt', adopted.child, adopted.detail from ops.adopt_partitions(parent) as adopted;
  if previous.parent is not null
    and (previous.unit, previous.step) is distinct from (unit, step)
  then
    return query
    select 'remove', removed.child, removed.detail
    from ops.remove_unused_partitions(parent, as_of) as removed;
  end if;
  return query
  select done.action, done.child, done.detail
  from ops.maintain_table(parent, as_of, '{create, blocked}') as done;
end;
$$;

comment on function ops.manage_partitions(
  regclass, text, text, int, interval, text, bigint, bigint, regclass, text[], timestamptz
) is
  'Takes a table that is partitioned by range of one column under management, or changes how it is '
  'managed: what is not given has its default again. Takes its partitions into the schema '
  'partitions, makes its default, its current partition and those ahead, and returns what it did. '
  'Parameters as in ops.partition_config; ahead null: the setting ops.partitions_ahead. With '
  'another unit or step the existing partitions stay, but for empty ones that lie ahead; new ones '
  'begin where they end. Raises PL011 to PL015 for a table, column or unit that can not be '
  'managed, 23514 for a number outside its range.';

create function private.partition_health(parent regclass)
returns table (
  partitions bigint,
  oldest_bound text,
  covered_until text,
  ready_ahead int,
  has_default boolean,
  default_has_rows boolean
)
language sql
stable
rows 1
-- reads tables for which the view's reader has no rights, and tells only whether rows are there
security definer
set search_path = ''
as $$
  with
  config as materialized (
    select settings.*, ops.partition_head(settings.parent) as head
    from ops.partition_settings(partition_health.parent) as settings
  ),
  coverage as materialized (
    select ops.partition_coverage(partition_health.parent) as spans
  )
  select
    count(*) filter (where not bounds.is_default),
    (
      select ops.partition_value(config.unit, lower(coverage.spans))
      from config
      cross join coverage
    ),
    (
      select ops.partition_value(config.unit, upper(covered.span))
      from config
      cross join coverage
      cross join lateral unnest(coverage.spans) as covered (span)
      where covered.span @> config.head
    ),
    (
      select coalesce(min(periods.place), max(config.ahead) + 1) - 1
      from config
      cross join coverage
      left join ops.partition_periods(partition_health.parent) as periods
        on not periods.span <@ coverage.spans
    ),
    coalesce(bool_or(bounds.is_default), false),
    ops.default_has_rows(partition_health.parent)
  from ops.partition_bounds(partition_health.parent) as bounds;
$$;

comment on function private.partition_health(regclass) is
  'The figures of the view ops.partition_health for one table. Raises PL010 when it is not under '
  'management.';

create view ops.partition_health
with (security_invoker = true)
as
select
  config.parent,
  config.unit,
  config.ahead,
  health.ready_ahead,
  health.covered_until,
  health.oldest_bound,
  health.partitions,
  health.has_default,
  health.default_has_rows
from ops.partition_config as config
join pg_catalog.pg_class on pg_class.oid = config.parent
cross join lateral private.partition_health(config.parent) as health;

comment on view ops.partition_health is
  'For alerts, one row for each managed table. Sound: ready_ahead is ahead, has_default is true, '
  'default_has_rows is false.';
comment on column ops.partition_health.ready_ahead is
  'Whole periods after the current one that partitions cover without a gap; -1: not even this one.';
comment on column ops.partition_health.covered_until is
  'End of the partitions that cover the present without a gap; null: none does.';
comment on column ops.partition_health.oldest_bound is
  'Lower bound of the oldest partition; null: there is none, or it has no lower end.';

create view ops.partitions
with (security_invoker = true)
as
select
  config.parent,
  bounds.child,
  bounds.lower_bound,
  bounds.upper_bound,
  bounds.is_default,
  greatest(pg_class.reltuples, 0)::bigint as estimated_rows,
  pg_total_relation_size(bounds.child) as bytes
from ops.partition_config as config
cross join lateral ops.partition_bounds(config.parent) as bounds
join pg_catalog.pg_class on pg_class.oid = bounds.child;

comment on view ops.partitions is 'The partitions of all managed tables. Bounds are in UTC.';
comment on column ops.partitions.estimated_rows is 'As of the last analyze or vacuum.';
comment on column ops.partitions.bytes is 'With indexes and toast.';

select private.define_error('PL018', 400, 'A partition of %s is partitioned itself: %s.',
  'Take it under management alone, or attach its partitions to the table.');
select private.define_error('PL011', 400, '%s is not a partitioned table.',
  'Create it with partition by range, or convert it first.');
select private.define_error('PL012', 400, '%s is itself a partition.',
  'Manage the table that it belongs to.');
select private.define_error('PL013', 400, '%s is not partitioned by range of column %s alone.',
  'Name the one column of the partition key.');
select private.define_error('PL014', 400, 'Partitions by %s do not fit column %s of type %s.',
  'Use day, week, month, quarter or year for times and dates, hour for times, and integer with a '
  'step for numbers.');
select private.define_error('PL015', 400, 'Rows of %s can not go by age: %s refers to them.',
  'Drop the foreign key, or leave out the retention.');

select ops.define_setting('ops.lock_timeout_ms', '50',
  'How long a job waits for a lock that shuts out writers, and so keeps them waiting, in '
  'milliseconds.', 1, 10000);
select ops.define_setting('ops.partition_default_bytes', '2097152',
  'Up to this size a default partition is read under a lock to attach another one, in bytes.', 0);
select ops.define_setting('ops.partitions_ahead',
  '{"hour": 48, "day": 14, "week": 6, "month": 3, "quarter": 2, "year": 1, "integer": 3}',
  'Partitions kept ready after the current one, by unit.');

grant select on ops.detached_partitions, ops.partitions, ops.partition_health to service_role;
grant execute on function private.partition_health(regclass) to service_role;
