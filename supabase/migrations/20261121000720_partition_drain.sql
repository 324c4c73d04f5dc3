-- Draining a default partition. A partition for rows that the default holds can not be made, and
-- moving them by delete and insert would hide them from readers or lock writers out. So they are
-- copied in chunks into a shadow, a partitioned table of its own whose children are the partitions
-- to come; a trigger keeps the copy true; one short transaction swaps the old default for them.

create table ops.partition_drains (
  id bigint generated always as identity primary key,
  parent regclass not null,
  phase text not null,
  old_default regclass,
  shadow regclass,
  shape text,
  periods text[] not null default '{}',
  next_block bigint not null default 0,
  last_block bigint not null default 0,
  chunk_blocks bigint not null default 1,
  rows_copied bigint not null default 0,
  last_copy_xid xid8,
  swap_milliseconds numeric,
  error text,
  started_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint partition_drains_phase_check check (
    phase in (
      'building', 'guarding', 'copying', 'verifying', 'swapping', 'cleaning', 'done', 'abandoned'
    )
  ),
  constraint partition_drains_finished_at_check check (
    (finished_at is not null) = (phase in ('done', 'abandoned'))
  )
);

create unique index partition_drains_parent_key on ops.partition_drains (parent)
  where finished_at is null;
create index partition_drains_parent_finished_at_idx
  on ops.partition_drains (parent, finished_at);

comment on table ops.partition_drains is
  'Drains of default partitions, at most one running for a table. A step is one transaction that '
  'moves the row on, so a drain goes on after a crash where it stood.';
comment on column ops.partition_drains.phase is
  'The next step. building: partitions are made; guarding: the trigger is set; copying; verifying; '
  'swapping; cleaning: what is left of the old default is dropped.';
comment on column ops.partition_drains.old_default is
  'Dropped when the drain is done; null when the drain could not start.';
comment on column ops.partition_drains.shadow is
  'The partitioned table that holds the copy until the swap; null when the drain could not start.';
comment on column ops.partition_drains.shape is
  'Fingerprint of the parent''s columns, indexes and constraints; a drain whose parent has changed '
  'starts over.';
comment on column ops.partition_drains.periods is
  'A value of each period for which a partition is still to be made.';
comment on column ops.partition_drains.next_block is
  'First block of the old default not copied yet, then the first one not verified.';
comment on column ops.partition_drains.last_block is
  'Blocks of the old default when the copying, then the verifying began; rows in later ones come '
  'by the trigger.';
comment on column ops.partition_drains.chunk_blocks is
  'Blocks of the next chunk, adapted to ops.drain_chunk_ms.';
comment on column ops.partition_drains.rows_copied is
  'Rows copied in chunks, without those of the trigger.';
comment on column ops.partition_drains.last_copy_xid is
  'Transaction of the last chunk; the swap waits until every snapshot sees it.';
comment on column ops.partition_drains.swap_milliseconds is
  'How long the swap held its lock on the parent, in milliseconds; null before the swap.';
comment on column ops.partition_drains.error is
  'Why the drain was abandoned, or what it could not clean up; null when all went well.';
comment on column ops.partition_drains.finished_at is 'End of the drain; null while it runs.';

create trigger partition_drains_set_updated_at
  before update on ops.partition_drains
  for each row execute function private.set_updated_at();

-- Definer: whoever writes through the parent has no right on the shadow. It runs the statements of
-- its trigger, and only the owner may make a trigger with it.
create function private.sync_drained_row()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if tg_op = 'TRUNCATE' then
    execute tg_argv[0];
    return null;
  end if;
  if tg_op <> 'INSERT' then
    -- A snapshot from before the row was copied does not see the copy, so the delete would miss it.
    -- Inserting the row again meets it and raises 40001, which such transactions repeat.
    if current_setting('transaction_isolation') in ('repeatable read', 'serializable') then
      execute tg_argv[2] using old;
    end if;
    execute tg_argv[1] using old;
  end if;
  if tg_op <> 'DELETE' then
    execute tg_argv[0] using new;
  end if;
  return null;
end;
$$;

comment on function private.sync_drained_row() is
  'Trigger function of a default partition that is being drained: brings the shadow in line. '
  'Arguments: statements that copy the row with the key of $1, that delete the copy of $1 if the '
  'row is gone, and that insert $1 unless it is there; for truncate, the one that empties the '
  'shadow. Raises 40001 when the snapshot of the transaction is older than the copy of a row it '
  'changes.';

create function ops.drain_shape(parent regclass)
returns text
language sql
stable
security invoker
set search_path = ''
as $$
  select md5(concat_ws(
    ';',
    (
      select string_agg(
        concat_ws(',', attname, atttypid, atttypmod, attcollation, attnotnull, attgenerated),
        ';' order by attnum
      )
      from pg_catalog.pg_attribute
      where attrelid = drain_shape.parent and attnum > 0 and not attisdropped
    ),
    (
      select string_agg(indexrelid::text, ',' order by indexrelid)
      from pg_catalog.pg_index
      where indrelid = drain_shape.parent
    ),
    (
      select string_agg(oid::text, ',' order by oid)
      from pg_catalog.pg_constraint
      -- below a foreign key are rows for the partitions of the other table, which come and go
      where conrelid = drain_shape.parent and conparentid = 0
    ),
    (
      select partdefid::text
      from pg_catalog.pg_partitioned_table
      where partrelid = drain_shape.parent
    )
  ));
$$;

comment on function ops.drain_shape(regclass) is
  'Fingerprint of what a partition must have to be attached (columns, indexes, constraints), and '
  'of which table is the default.';

create function ops.drain_key(parent regclass)
returns text[]
language sql
stable
security invoker
set search_path = ''
as $$
  select keys.columns
  from pg_catalog.pg_index
  cross join lateral (
    select
      array_agg(pg_attribute.attname::text order by key.place) as columns,
      bool_and(pg_attribute.attnotnull) as are_filled
    from unnest(pg_index.indkey::int2[]) with ordinality as key (number, place)
    join pg_catalog.pg_attribute
      on pg_attribute.attrelid = pg_index.indrelid and pg_attribute.attnum = key.number
    where key.place <= pg_index.indnkeyatts
  ) as keys
  where pg_index.indrelid = drain_key.parent
    and pg_index.indisunique
    and pg_index.indisvalid
    and pg_index.indimmediate
    and pg_index.indpred is null
    and pg_index.indexprs is null
    and keys.are_filled
  order by pg_index.indisprimary desc, pg_index.indnkeyatts, pg_index.indexrelid
  limit 1;
$$;

comment on function ops.drain_key(regclass) is
  'The columns by which a row and its copy find each other: the primary key, or a unique one of '
  'columns that are not null. Null when there is none.';

create function ops.drain_statements(
  source regclass,
  shadow regclass,
  key text[],
  out copy_chunk text,
  out compare_chunk text,
  out count_rows text,
  out sync_row text,
  out remove_row text,
  out meet_row text
)
language plpgsql
stable
security invoker
set search_path = ''
as $$
declare
  -- Aliases name the columns by place, so that renaming one breaks no writer before the drain
  -- notices; generated columns are not written.
  aliases text;
  written text;
  assignments text;
  key_columns text;
  same_key text;
begin
  select
    string_agg(quote_ident(attname), ', ' order by attnum),
    string_agg(quote_ident(attname), ', ' order by attnum) filter (where attgenerated = ''),
    string_agg(format('%1$I = excluded.%1$I', attname), ', ' order by attnum)
      filter (where attgenerated = '')
  into aliases, written, assignments
  from pg_catalog.pg_attribute
  where attrelid = drain_statements.source and attnum > 0 and not attisdropped;

  select
    string_agg(quote_ident(name), ', '),
    string_agg(format('%%1$s.%1$I = changed.%1$I', name), ' and ')
  into key_columns, same_key
  from unnest(key) as name;

  copy_chunk := format(
    'insert into %2$s (%4$s) select %4$s from %1$s as held (%3$s)
      where held.ctid >= $1 and held.ctid < $2
      for share on conflict do nothing',
    source, shadow, aliases, written
  );
  compare_chunk := format(
    'select count(*), count(*) filter (where held::text = copied::text)
      from (
        select %3$s from %1$s as held (%3$s) where held.ctid >= $1 and held.ctid < $2
      ) as held
      left join (select %3$s from %2$s) as copied on %4$s',
    source, shadow, aliases,
    (
      select string_agg(format('copied.%1$I = held.%1$I', name), ' and ') from unnest(key) as name
    )
  );
  count_rows := format(
    'select (select count(*) from %s), (select count(*) from %s)', source, shadow
  );
  -- What stands in the table now is copied, not the row of the event: a trigger of the parent may
  -- have changed the row again, and its event was seen first.
  sync_row := format(
    'insert into %2$s (%4$s)
      select %5$s from (select ($1).*) as changed (%3$s) join %1$s as held (%3$s) on %6$s
      on conflict (%7$s) do update set %8$s',
    source, shadow, aliases, written,
    (
      select string_agg(format('held.%I', attname), ', ' order by attnum)
      from pg_catalog.pg_attribute
      where attrelid = drain_statements.source
        and attnum > 0 and not attisdropped and attgenerated = ''
    ),
    format(same_key, 'held'), key_columns, assignments
  );
  remove_row := format(
    'delete from %2$s as copied using (select ($1).*) as changed (%3$s)
      where %4$s and not exists (select from %1$s as held (%3$s) where %5$s)',
    source, shadow, aliases, format(same_key, 'copied'), format(same_key, 'held')
  );
  meet_row := format(
    'insert into %1$s (%3$s) select %3$s from (select ($1).*) as changed (%2$s)
      on conflict do nothing',
    shadow, aliases, written
  );
end;
$$;

comment on function ops.drain_statements(regclass, regclass, text[]) is
  'The statements of a drain. Parameters: old default, shadow, columns of the key. copy_chunk '
  'copies the rows from tid $1 up to $2; compare_chunk counts them and those of them whose copy is '
  'the same; count_rows counts both sides in one snapshot; the others are arguments of '
  'private.sync_drained_row and take a row of the old default.';

create function ops.begin_drain(parent regclass)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
  periods_maximum int := ops.setting('ops.drain_periods')::int;
  history interval := ops.setting('ops.drain_history_days')::int * interval '1 day';
  source regclass;
  key text[] := ops.drain_key(parent);
  found_value text;
  covered_until bigint;
  span record;
  found_periods text[] := array[]::text[];
  drain_id bigint;
  copy_table regclass;
  statements record;
begin
  select bounds.child into source
  from ops.partition_bounds(parent) as bounds
  join pg_catalog.pg_class on pg_class.oid = bounds.child
  where bounds.is_default and pg_class.relkind = 'r';
  if source is null then
    return false;
  end if;

  -- no unit is shorter than an hour or cuts across one, so one reading finds all periods
  for found_value in execute format(
    'select min(%1$I)::text from %2$s where %1$I is not null group by %3$s order by min(%1$I)',
    config.control, source,
    case
      when config.unit = 'integer'
        then format('floor(%I::numeric / %s)', config.control, config.step)
      else format('date_trunc(''hour'', %I::timestamptz)', config.control)
    end
  )
  loop
    continue when ops.partition_point(config.unit, found_value) < covered_until;
    -- none for infinity and what lies as far, which stays in the default
    select * into span from ops.partition_range(parent, found_value);
    continue when not found;
    covered_until := ops.partition_point(config.unit, span.upper_bound);
    found_periods := found_periods || found_value;
    exit when cardinality(found_periods) >= periods_maximum;
  end loop;
  if cardinality(found_periods) = 0 then
    return false;
  end if;

  if key is null then
    perform private.fail('PL021', parent::text);
  end if;
  if exists (
    select from pg_catalog.pg_constraint where contype = 'f' and confrelid = begin_drain.parent
  ) then
    perform private.fail('PL022', parent::text);
  end if;
  if exists (
    select
    from ops.partition_drains
    where partition_drains.parent = begin_drain.parent and finished_at is null
  ) then
    perform private.fail('PL023', parent::text);
  end if;

  delete from ops.partition_drains
  where partition_drains.parent = begin_drain.parent and finished_at < now() - history;
  insert into ops.partition_drains (parent, phase, old_default, shape, periods)
  values (parent, 'building', source, ops.drain_shape(parent), found_periods)
  returning id into drain_id;
  execute format(
    'create table partitions.drain_%s (like %s including generated including indexes)
      partition by %s',
    drain_id, parent, pg_get_partkeydef(parent)
  );
  copy_table := format('partitions.drain_%s', drain_id)::regclass;
  execute format('alter table %s enable row level security', copy_table);
  execute format(
    'comment on table %s is %L', copy_table, format('Copy of %s while it is drained.', source)
  );
  update ops.partition_drains
  set shadow = copy_table
  where id = drain_id;

  -- A statement that can not be planned shows here, before a writer meets it.
  statements := ops.drain_statements(source, copy_table, key);
  execute 'explain ' || replace(statements.sync_row, '$1', 'null::' || source);
  execute 'explain ' || replace(statements.remove_row, '$1', 'null::' || source);
  return true;
end;
$$;

comment on function ops.begin_drain(regclass) is
  'Starts a drain; false when the default holds no row that a partition could take. Makes at most '
  'ops.drain_periods partitions, the oldest; other rows stay in the default, for the next drain. '
  'Raises PL010 when the table is not under management, PL021 when it has no key, PL022 when a '
  'foreign key refers to it, PL023 when a drain runs.';

create function ops.end_drain(
  drain_id bigint,
  reason text
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  drain ops.partition_drains;
  trigger_name name;
begin
  select partition_drains.* into drain from ops.partition_drains where id = drain_id;
  -- after the swap the shadow is empty and the partitions are the parent's
  if drain.phase <> 'cleaning' then
    for trigger_name in
      select tgname
      from pg_catalog.pg_trigger
      where tgrelid = drain.old_default and tgname in ('drain_sync', 'drain_truncate')
    loop
      execute format('drop trigger %I on %s', trigger_name, drain.old_default);
    end loop;
    if exists (select from pg_catalog.pg_class where oid = drain.shadow) then
      execute format('drop table %s', drain.shadow);
    end if;
  end if;
  update ops.partition_drains
  set
    phase = case phase when 'cleaning' then 'done' else 'abandoned' end,
    finished_at = clock_timestamp(),
    error = reason
  where id = drain_id;
  perform ops.log('error', 'ops.drain_partitions', 'A drain was abandoned.', jsonb_build_object(
    'drain', drain_id, 'parent', drain.parent, 'phase', drain.phase, 'reason', reason
  ));
end;
$$;

comment on function ops.end_drain(bigint, text) is
  'Undoes a drain, with the reason for its row and the log. The old default stays as it is; a '
  'drain that has swapped already ends without cleaning up.';

create function ops.build_drained(drain ops.partition_drains)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  span record;
  child regclass;
begin
  if cardinality(drain.periods) > 0 then
    select * into span from ops.partition_range(drain.parent, drain.periods[1]);
    if found then
      child := ops.build_partition(
        drain.parent, span.lower_bound, span.upper_bound, with_foreign_keys => true
      );
      execute format(
        'alter table %s attach partition %s for values from (%L) to (%L)',
        drain.shadow, child, span.lower_bound, span.upper_bound
      );
    end if;
    update ops.partition_drains set periods = periods[2:] where id = drain.id;
  else
    child := ops.build_partition(drain.parent, null, null, with_foreign_keys => true);
    execute format('alter table %s attach partition %s default', drain.shadow, child);
    update ops.partition_drains set phase = 'guarding' where id = drain.id;
  end if;
  return true;
end;
$$;

comment on function ops.build_drained(ops.partition_drains) is
  'Step of a drain: makes one partition of the shadow, at last its default. Returns true.';

create function ops.guard_drained(drain ops.partition_drains)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  statements record := ops.drain_statements(
    drain.old_default, drain.shadow, ops.drain_key(drain.parent)
  );
begin
  -- Waits for every writer of the default, so no row escapes both the trigger and the copy. The
  -- columns are named so that one that is dropped or changes its type in the middle of a drain is
  -- refused, instead of failing in the writers. Always: replicated rows are rows too.
  execute format(
    'create trigger drain_sync after insert or delete or update of %s on %s for each row
      execute function private.sync_drained_row(%L, %L, %L)',
    (
      select string_agg(quote_ident(attname), ', ' order by attnum)
      from pg_catalog.pg_attribute
      where attrelid = drain.old_default and attnum > 0 and not attisdropped
    ),
    drain.old_default, statements.sync_row, statements.remove_row, statements.meet_row
  );
  execute format(
    'create trigger drain_truncate after truncate on %s
      execute function private.sync_drained_row(%L)',
    drain.old_default, 'truncate ' || drain.shadow
  );
  execute format('alter table %s enable always trigger drain_sync', drain.old_default);
  execute format('alter table %s enable always trigger drain_truncate', drain.old_default);

  update ops.partition_drains
  set
    phase = 'copying',
    last_block = pg_relation_size(drain.old_default) / current_setting('block_size')::bigint
  where id = drain.id;
  return true;
end;
$$;

comment on function ops.guard_drained(ops.partition_drains) is
  'Step of a drain: sets the triggers that bring each change of the old default into the shadow. '
  'Returns true.';

create function ops.next_chunk_blocks(chunk_blocks bigint, started_at timestamptz)
returns bigint
language sql
volatile
security invoker
set search_path = ''
as $$
  select greatest(
    1,
    least(
      ops.setting('ops.drain_chunk_blocks')::bigint,
      chunk_blocks * least(
        2,
        ops.setting('ops.drain_chunk_ms')::double precision
          / greatest(extract(epoch from clock_timestamp() - started_at) * 1000, 0.001)
      )
    )
  );
$$;

comment on function ops.next_chunk_blocks(bigint, timestamptz) is
  'Blocks of the next chunk. Parameters: blocks of the last one, and when it began. At most twice '
  'as many, so that a chunk takes about ops.drain_chunk_ms, and at most ops.drain_chunk_blocks.';

create function ops.copy_drained(drain ops.partition_drains)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  statements record := ops.drain_statements(
    drain.old_default, drain.shadow, ops.drain_key(drain.parent)
  );
  chunk_end bigint := least(drain.next_block + drain.chunk_blocks, drain.last_block);
  chunk_began timestamptz := clock_timestamp();
  copied bigint;
begin
  begin
    -- `for share` keeps a row from going away between reading it and writing the copy, which would
    -- come back to life; a copy that the trigger has written is newer and stays.
    execute statements.copy_chunk
    using format('(%s,0)', drain.next_block)::tid, format('(%s,0)', chunk_end)::tid;
    get diagnostics copied = row_count;
  exception
    -- a row moved to another partition while it was about to be locked; next time it is not there
    when serialization_failure then
      return true;
  end;

  if chunk_end < drain.last_block then
    update ops.partition_drains
    set
      next_block = chunk_end,
      chunk_blocks = ops.next_chunk_blocks(drain.chunk_blocks, chunk_began),
      rows_copied = rows_copied + copied,
      last_copy_xid = pg_current_xact_id()
    where id = drain.id;
    return true;
  end if;
  -- queries plan with the new partitions from the first moment, and so does the verification
  execute format('analyze %s', drain.shadow);
  update ops.partition_drains
  set
    phase = 'verifying',
    next_block = 0,
    last_block = pg_relation_size(drain.old_default) / current_setting('block_size')::bigint,
    rows_copied = rows_copied + copied,
    last_copy_xid = pg_current_xact_id()
  where id = drain.id;
  return true;
end;
$$;

comment on function ops.copy_drained(ops.partition_drains) is
  'Step of a drain: copies one chunk, of a size that takes about ops.drain_chunk_ms. Writers of '
  'its rows wait that long. Returns true.';

create function ops.verify_drained(drain ops.partition_drains)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
-- each row looks up its copy in one partition, by the key; any other join reads all of the shadow
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
declare
  statements record := ops.drain_statements(
    drain.old_default, drain.shadow, ops.drain_key(drain.parent)
  );
  chunk_end bigint := least(drain.next_block + drain.chunk_blocks, drain.last_block);
  chunk_began timestamptz := clock_timestamp();
  held_rows bigint;
  copied_rows bigint;
begin
  if drain.next_block < drain.last_block then
    execute statements.compare_chunk
    into held_rows, copied_rows
    using format('(%s,0)', drain.next_block)::tid, format('(%s,0)', chunk_end)::tid;
    if held_rows <> copied_rows then
      perform ops.end_drain(
        drain.id,
        format('The copy differs: %s of %s rows from block %s on are not in it as they are.',
          held_rows - copied_rows, held_rows, drain.next_block)
      );
      return true;
    end if;
    update ops.partition_drains
    set
      next_block = chunk_end,
      chunk_blocks = ops.next_chunk_blocks(drain.chunk_blocks, chunk_began)
    where id = drain.id;
    return true;
  end if;

  execute statements.count_rows into held_rows, copied_rows;
  if held_rows <> copied_rows then
    perform ops.end_drain(
      drain.id, format('The copy differs: %s rows, copied %s.', held_rows, copied_rows)
    );
    return true;
  end if;
  update ops.partition_drains set phase = 'swapping' where id = drain.id;
  return true;
end;
$$;

comment on function ops.verify_drained(ops.partition_drains) is
  'Step of a drain: compares one chunk of the old default with its copy, row by row, and at the '
  'end the number of rows of both sides; abandons the drain when they differ. Locks nobody out. '
  'Returns true.';

create function ops.swap_drained(drain ops.partition_drains)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  locked_at timestamptz;
  bounds record;
begin
  -- A repeatable-read transaction that began before the last chunk does not see all copies: after
  -- the swap it would count fewer rows. Ages are compared, because xids of snapshots wrap around.
  if exists (
    select
    from (
      select backend_xmin as xmin
      from pg_catalog.pg_stat_activity
      where pid <> pg_backend_pid()
        and (datname is null or datname = current_database())
        and backend_type <> 'autovacuum worker'
      union all
      select slots.xmin
      from pg_catalog.pg_replication_slots as slots
      where slots.active
    ) as snapshots
    where age(snapshots.xmin) >= age(drain.last_copy_xid::xid)
  ) then
    return false;
  end if;

  perform ops.lock_partitions();
  -- A vacuum would let us wait with the parent already locked. This lock meets it, but no writer.
  execute format(
    'lock table %s, %s in share update exclusive mode nowait', drain.old_default, drain.shadow
  );
  execute format('lock table only %s in access exclusive mode', drain.parent);
  locked_at := clock_timestamp();
  execute format('alter table %s detach partition %s', drain.parent, drain.old_default);
  for bounds in
    select * from ops.partition_bounds(drain.shadow) order by is_default, child
  loop
    execute format('alter table %s detach partition %s', drain.shadow, bounds.child);
    perform ops.attach_partition(
      drain.parent, bounds.child, bounds.lower_bound, bounds.upper_bound
    );
  end loop;
  execute format('drop trigger drain_sync on %s', drain.old_default);
  execute format('drop trigger drain_truncate on %s', drain.old_default);

  update ops.partition_drains
  set
    phase = 'cleaning',
    swap_milliseconds = round(extract(epoch from clock_timestamp() - locked_at) * 1000, 1)
  where id = drain.id;
  return true;
end;
$$;

comment on function ops.swap_drained(ops.partition_drains) is
  'Step of a drain: in one transaction detaches the old default and attaches the partitions and '
  'the default of the shadow in its place. False while a snapshot is older than the last chunk. '
  'The role needs pg_read_all_stats, to see the snapshots of others.';

create function ops.clean_drained(drain ops.partition_drains)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  execute format('drop table %s, %s', drain.old_default, drain.shadow);
  update ops.partition_drains
  set phase = 'done', finished_at = clock_timestamp()
  where id = drain.id;
  perform ops.log('info', 'ops.drain_partitions', 'A default partition was drained.',
    jsonb_build_object(
      'drain', drain.id,
      'parent', drain.parent,
      'rows_copied', drain.rows_copied,
      'swap_milliseconds', drain.swap_milliseconds,
      'seconds', round(extract(epoch from clock_timestamp() - drain.started_at))
    )
  );
  return true;
end;
$$;

comment on function ops.clean_drained(ops.partition_drains) is
  'Last step of a drain: drops the old default and the empty shadow, and logs what was done. '
  'Returns true.';

create function ops.advance_drain(drain_id bigint)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  drain ops.partition_drains;
begin
  select partition_drains.* into drain
  from ops.partition_drains
  where id = drain_id
  for no key update;
  if drain.phase <> 'cleaning' and drain.shape <> ops.drain_shape(drain.parent) then
    perform ops.end_drain(drain_id, 'The table was changed.');
    return true;
  end if;
  return case drain.phase
    when 'building' then ops.build_drained(drain)
    when 'guarding' then ops.guard_drained(drain)
    when 'copying' then ops.copy_drained(drain)
    when 'verifying' then ops.verify_drained(drain)
    when 'swapping' then ops.swap_drained(drain)
    when 'cleaning' then ops.clean_drained(drain)
  end;
exception
  -- the executor tries these again
  when lock_not_available or deadlock_detected then
    raise;
  -- Anything else would stand in the way of every other drain, and the trigger would stay.
  when query_canceled or assert_failure or others then
    perform ops.end_drain(drain_id, sqlerrm);
    return true;
end;
$$;

comment on function ops.advance_drain(bigint) is
  'Takes the next step of a drain; false when it has to wait. A step that fails ends the drain, '
  'with the error in its row and in the log. Raises 55P03 or 40P01 when locks are taken.';

create function ops.drain_partitions()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  pause interval := ops.setting('ops.drain_pause_minutes')::int * interval '1 minute';
  candidate record;
  is_locked boolean := false;
  has_failed boolean := false;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('ops.drain_partitions', 0)) then
    return false;
  end if;
  perform set_config('lock_timeout', ops.setting('ops.lock_timeout_ms') #>> '{}', true);

  for candidate in
    select partition_drains.id from ops.partition_drains where finished_at is null order by id
  loop
    begin
      if ops.advance_drain(candidate.id) then
        return true;
      end if;
    exception
      -- a table that is busy keeps no other one waiting
      when lock_not_available or deadlock_detected then
        is_locked := true;
    end;
  end loop;

  for candidate in
    select partition_config.parent
    from ops.partition_config
    where not exists (
      select
      from ops.partition_drains
      where partition_drains.parent = partition_config.parent
        and (finished_at is null or finished_at > now() - pause)
    )
    order by partition_config.parent
  loop
    begin
      if ops.begin_drain(candidate.parent) then
        return true;
      end if;
    exception
      when lock_not_available or deadlock_detected then
        is_locked := true;
      when assert_failure or others then
        insert into ops.partition_drains (parent, phase, error, finished_at)
        values (candidate.parent, 'abandoned', sqlerrm, clock_timestamp());
        perform ops.log('error', 'ops.drain_partitions', 'A drain could not start.',
          jsonb_build_object('parent', candidate.parent, 'reason', sqlerrm));
        has_failed := true;
    end;
  end loop;
  -- unless that would undo what was noted
  if is_locked and not has_failed then
    raise lock_not_available using message = 'A table that is to be drained is locked.';
  end if;
  return false;
end;
$$;

comment on function ops.drain_partitions() is
  'Handler of the executor: takes one step of the oldest drain that can go on, or starts one for a '
  'default that holds rows of missing partitions; true when there is more to do. Between two '
  'drains of a table lie ops.drain_pause_minutes. Raises 55P03 when locks are taken and no other '
  'drain can go on.';

create function ops.drain_partition(parent regclass)
returns bigint
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if not ops.begin_drain(parent) then
    perform private.fail('PL020', parent::text);
  end if;
  return (
    select id
    from ops.partition_drains
    where partition_drains.parent = drain_partition.parent and finished_at is null
  );
end;
$$;

comment on function ops.drain_partition(regclass) is
  'Starts a drain now, without waiting for the executor, which takes its further steps. Returns '
  'the id of its row in ops.partition_drains. Raises PL010 when the table is not under management, '
  'PL020 when there is nothing to drain, PL021 when it has no key, PL022 when a foreign key refers '
  'to it, PL023 when a drain runs.';

create function ops.abandon_drain(parent regclass)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  drain_id bigint;
begin
  perform set_config('lock_timeout', ops.setting('ops.lock_timeout_ms') #>> '{}', true);
  perform pg_advisory_xact_lock(hashtextextended('ops.drain_partitions', 0));
  select id into drain_id
  from ops.partition_drains
  where partition_drains.parent = abandon_drain.parent and finished_at is null;
  if drain_id is null then
    perform private.fail('PL024', parent::text);
  end if;
  perform ops.end_drain(drain_id, 'Abandoned by hand.');
end;
$$;

comment on function ops.abandon_drain(regclass) is
  'Undoes the running drain of a table; after ops.drain_pause_minutes the executor starts another. '
  'Raises PL024 when none runs, 55P03 when locks are taken: call it again.';

select private.define_error('PL020', 400,
  'The default partition of %s holds no row that a partition could take.',
  'Nothing is to be done. Rows at infinity stay in the default.');
select private.define_error('PL021', 400, 'Rows of %s can not be told apart.',
  'Add a primary key that contains the column of the partition key.');
select private.define_error('PL022', 400,
  'A foreign key refers to %s, so no partition can leave it.',
  'Drop the foreign key, drain, and add it again.');
select private.define_error('PL023', 400, 'A drain of %s runs already.',
  'Read ops.partition_drains for its phase, or call ops.abandon_drain.');
select private.define_error('PL024', 400, 'No drain of %s runs.',
  'Read ops.partition_drains for those that have ended.');

select ops.define_setting('ops.drain_chunk_ms', '20',
  'How long copying one chunk of a default partition may take, in milliseconds.', 1, 10000);
select ops.define_setting('ops.drain_chunk_blocks', '1000',
  'Largest chunk, in blocks of the default partition.', 1, 1000000);
select ops.define_setting('ops.drain_periods', '48',
  'Partitions that one drain makes at most; its swap locks the table about a millisecond for each.',
  1, 1000);
select ops.define_setting('ops.drain_history_days', '90',
  'How long the row of a drain is kept after its end, in days.', 1, 3650);
select ops.define_setting('ops.drain_pause_minutes', '10',
  'Time between two drains of a table, so that late rows do not lock it each minute, in minutes.',
  0, 10080);

alter table ops.partition_drains enable row level security;

grant select on ops.partition_drains to service_role;
