-- Partitions that retention took away go to a store as chunks of text, and come back from there.
-- The database decides what a chunk holds and what it must hash to; a function of the edge
-- (archive-export) only carries one chunk a call. Nothing is dropped before each chunk was read
-- back from the store and the sum over all chunks equals the sum over the table. Every step can be
-- repeated: chunks go by the place of rows in a table that nobody writes to, so a chunk that is
-- asked for twice is the same twice, and its name holds its hash, so a late writer overwrites
-- nothing else.

create schema archive;

comment on schema archive is
  'What was archived, where it lies, and the jobs that carry it there and back. Not served by the '
  'API; the calls of the function archive-export are in schema ops.';

create table archive.policies (
  name text primary key,
  parent regclass not null,
  retention_days int not null,
  location text not null,
  bucket text,
  prefix text not null,
  compression boolean not null,
  every interval not null,
  next_run_at timestamptz not null default now(),
  enabled boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint policies_parent_key unique (parent),
  constraint policies_name_check check (name ~ '^[A-Za-z][A-Za-z0-9_-]{0,62}$'),
  constraint policies_retention_days_check check (retention_days > 0),
  constraint policies_location_check check (location in ('local', 'storage', 's3')),
  constraint policies_bucket_check check (
    case
      when location = 'local' then bucket is null
      else bucket is not null and bucket ~ '^[a-z0-9][a-z0-9.-]{1,62}$'
    end
  ),
  constraint policies_prefix_check check (prefix ~ '^([A-Za-z0-9_-]+/)*$'),
  constraint policies_every_check check (every >= interval '1 minute')
);

create table archive.jobs (
  id uuid primary key default gen_random_uuid(),
  kind text not null,
  policy text not null
    constraint jobs_policy_fkey references archive.policies (name) on delete restrict,
  source_id uuid,
  detached_id bigint
    constraint jobs_detached_id_fkey references ops.detached_partitions (id) on delete set null,
  parent text not null,
  child text not null,
  relation oid not null,
  lower_bound text,
  upper_bound text,
  columns jsonb not null,
  attaches boolean not null default false,
  location text not null,
  bucket text,
  path text not null,
  compressed boolean not null,
  status text not null default 'pending',
  phase text not null default 'rows',
  affected_records bigint not null default 0,
  errors jsonb not null default '[]',
  attempts int not null default 0,
  retry_at timestamptz not null default now(),
  lease uuid,
  leased_until timestamptz,
  file_node oid,
  failed_sums int not null default 0,
  verified_blocks bigint not null default 0,
  verified_rows bigint not null default 0,
  verified_checksum numeric not null default 0,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  constraint jobs_kind_check check (kind in ('export', 'restore')),
  constraint jobs_source_id_check check ((kind = 'restore') = (source_id is not null)),
  constraint jobs_status_check check (status in ('pending', 'running', 'completed', 'failed')),
  constraint jobs_phase_check check (phase in ('rows', 'verify', 'finish'))
);

create table archive.manifest (
  job_id uuid primary key
    constraint manifest_job_id_fkey references archive.jobs (id) on delete restrict,
  parent text not null,
  child text not null,
  lower_bound text,
  upper_bound text,
  columns jsonb not null,
  format_version int not null,
  row_count bigint not null,
  checksum numeric not null,
  chunks int not null,
  raw_bytes bigint not null,
  stored_bytes bigint not null,
  archived_at timestamptz not null default clock_timestamp(),
  restored_at timestamptz,
  restored_as text,
  superseded_by uuid
    constraint manifest_superseded_by_fkey references archive.manifest (job_id) on delete restrict,
  constraint manifest_restored_check check ((restored_at is null) = (restored_as is null))
);

alter table archive.jobs
  add constraint jobs_source_id_fkey
  foreign key (source_id) references archive.manifest (job_id) on delete restrict;

create table archive.chunks (
  job_id uuid not null
    constraint chunks_job_id_fkey references archive.jobs (id) on delete cascade,
  number int not null,
  last_place tid,
  row_count bigint not null,
  checksum numeric not null,
  raw_bytes bigint not null,
  stored_bytes bigint,
  sha256 text not null,
  path text not null,
  done_at timestamptz,
  primary key (job_id, number),
  constraint chunks_number_check check (number >= 0),
  constraint chunks_sha256_check check (sha256 ~ '^[0-9a-f]{64}$')
);

-- one export at a time, and one that failed waits for a person
create unique index jobs_child_key on archive.jobs (child)
  where kind = 'export' and status <> 'completed';
create index jobs_policy_idx on archive.jobs (policy);
create index jobs_source_id_idx on archive.jobs (source_id);
create index jobs_detached_id_idx on archive.jobs (detached_id);
create index jobs_open_idx on archive.jobs (created_at) where status in ('pending', 'running');
create index manifest_parent_idx on archive.manifest (parent);
create index manifest_superseded_by_idx on archive.manifest (superseded_by);

comment on table archive.policies is
  'Which partitioned tables are archived, after how many days, and where to. Made by '
  'archive.define_policy().';
comment on column archive.policies.location is
  'local: a folder of the function''s machine; storage: Supabase Storage; s3: any S3 endpoint.';
comment on column archive.policies.bucket is 'Null for location local.';
comment on column archive.policies.prefix is
  'Begins each object''s path; empty, or ends in a slash.';
comment on column archive.policies.compression is 'Whether chunks are stored as gzip.';
comment on column archive.policies.every is 'How often detached partitions are looked for.';
comment on column archive.policies.enabled is
  'While false no job is made; what retention has detached waits and is not dropped.';

comment on table archive.jobs is
  'Exports of detached partitions, and restores. A job goes through the phases rows, verify, '
  'finish.';
comment on column archive.jobs.source_id is 'What a restore restores; null for an export.';
comment on column archive.jobs.detached_id is
  'The detached partition that is exported; null for a restore, and when it was attached again.';
comment on column archive.jobs.child is 'Qualified name of the table that is read or filled.';
comment on column archive.jobs.relation is
  'That table itself: a later one may have its name. A dump does not keep it.';
comment on column archive.jobs.lower_bound is 'Bounds of the partition in UTC; null: without end.';
comment on column archive.jobs.columns is 'Names and types, in order, as [{"name", "type"}].';
comment on column archive.jobs.attaches is 'Whether a restore becomes a partition of the parent.';
comment on column archive.jobs.path is 'What the paths of all objects of the job begin with.';
comment on column archive.jobs.affected_records is 'Rows that are stored, or loaded, for certain.';
comment on column archive.jobs.errors is
  'What went wrong, oldest first: objects of at, phase, error.';
comment on column archive.jobs.attempts is 'Failures since the last step that succeeded.';
comment on column archive.jobs.retry_at is 'The job rests until then after a failure.';
comment on column archive.jobs.lease is 'Names the call that works on it; null: none does.';
comment on column archive.jobs.leased_until is 'When the call is taken for dead.';
comment on column archive.jobs.file_node is
  'The file of the table: when it changes (vacuum full), rows have moved and the export begins '
  'anew.';
comment on column archive.jobs.failed_sums is
  'How often the sums did not agree; chunks succeed in between, so attempts does not tell.';
comment on column archive.jobs.verified_blocks is 'Blocks of the table that are summed up already.';
comment on column archive.jobs.verified_rows is 'Rows in these blocks.';
comment on column archive.jobs.verified_checksum is 'Sum of these rows, as in archive.manifest.';

comment on table archive.manifest is
  'What is archived: a row for each partition whose export is complete and verified.';
comment on column archive.manifest.job_id is 'The export; names the manifest.';
comment on column archive.manifest.format_version is
  '1: a line is a JSON object with the text of each column by its name, null for null.';
comment on column archive.manifest.checksum is
  'Sum over all rows of the first 64 bits, signed, of the SHA-256 of the line of the row.';
comment on column archive.manifest.raw_bytes is 'Of all chunks before compression.';
comment on column archive.manifest.stored_bytes is 'Of all chunks as they lie in the store.';
comment on column archive.manifest.restored_at is 'Null while it is not restored, or is released.';
comment on column archive.manifest.restored_as is
  'Qualified name of the table that holds the rows.';

comment on column archive.manifest.superseded_by is
  'A later export of the same rows, as they had become: of the table itself once more, or of the '
  'partition that this one had become again; null: none. Rows that came late to a range that had '
  'left have a manifest of their own, and both count.';

comment on table archive.chunks is
  'Pieces of a job, one object each. Number 0 is the manifest of an export as JSON.';
comment on column archive.chunks.last_place is
  'The chunk ends with the row at this place; null where rows do not come from a table.';
comment on column archive.chunks.checksum is 'As in archive.manifest.';
comment on column archive.chunks.stored_bytes is 'Null until it is stored.';
comment on column archive.chunks.sha256 is 'Of the chunk before compression.';
comment on column archive.chunks.done_at is
  'When it was read back from the store and found right, or was loaded; null before.';

select private.define_error('PL090', 400, 'Nothing is archived under the id %s.',
  'Read archive.manifest for what is archived.');
select private.define_error('PL091', 400, 'Job %s is not leased under this lease.',
  'Its lease ran out and another call has it; ask for work again.');
select private.define_error('PL092', 400, 'Chunk %s of job %s has the hash %s in place of %s.',
  'The store did not keep what it was given. The job tries again.');
select private.define_error('PL093', 400, 'Table %s has %s rows with sum %s; the archive has %s '
  'with sum %s.', 'Somebody wrote to the table meanwhile, or a chunk is lost. The job begins '
  'anew.');
select private.define_error('PL094', 400, '%s is restored already, or is being restored, as %s.',
  'Use that table, or call archive.release first.');
select private.define_error('PL095', 400, 'The rows can not become a partition of %s: %s.',
  'Call archive.restore with attach => false.');
select private.define_error('PL017', 400, 'The partition %s is not in the archive.',
  'Only an export sets archived_at, together with its manifest.');
select private.define_error('PL087', 400, 'While %s was archived it could be changed.',
  'The job begins anew, or ends when the table is a partition again.');
select private.define_error('PL088', 400, 'A row of %s at %s takes %s bytes, and a chunk at most '
  '%s.', 'The table stays as it is. Keep such values in Supabase Storage and their path in the '
  'row, then call archive.retry.');
select private.define_error('PL089', 400, 'What is archived under %s was archived again later, '
  'under %s.', 'Restore the later one.');
select private.define_error('PL096', 400, 'Days do not tell the age of the partitions of %s.',
  'Archive tables that are partitioned by time.');

select private.define_error('PL100', 400, 'Table %s is not the one that the job was made for: '
  'that one is gone, or is a partition.', 'The job ends and leaves the table as it is. A restore: '
  'call archive.release, which drops nothing then, and archive.restore.');

select ops.define_setting('archive.chunk_bytes', '8000000',
  'Most bytes of a chunk before compression; a table with a row that is larger is not archived.',
  1, 8000000);
select ops.define_setting('archive.lease_seconds', '300',
  'After this time a call that did not report is taken for dead, in seconds.', 1, 86400);
select ops.define_setting('archive.max_attempts', '8',
  'Failures in a row after which a job waits for a person.', 1, 100);
select ops.define_setting('archive.backoff_seconds', '30',
  'Rest after the first failure, in seconds; it doubles with each further one.', 0, 86400);
select ops.define_setting('archive.verify_blocks', '8192',
  'Most blocks of a table that are summed up in one statement.', 1, 1000000);
select ops.define_setting('archive.verify_ms', '2000',
  'How long one step sums up a table, in milliseconds; well below the statement_timeout of the '
  'API.', 1, 60000);

create function archive.columns_of(relation regclass)
returns jsonb
language sql
stable
security invoker
set search_path = ''
as $$
  select jsonb_agg(
    jsonb_build_object('name', attname, 'type', format_type(atttypid, atttypmod))
    order by attnum
  )
  from pg_catalog.pg_attribute
  where attrelid = columns_of.relation and attnum > 0 and not attisdropped;
$$;

comment on function archive.columns_of(regclass) is
  'The columns of a table as archive.jobs.columns lists them.';

-- The text of each value is what its type's output function writes (that is what concat calls; a
-- cast may be another function), and so what its input function reads. num_nulls, because a row of
-- nulls "is null" and is no null.
create function archive.line_expression(columns jsonb)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select format(
    'json_object(array[%s], array[%s])::text',
    string_agg(quote_literal(given.value ->> 'name'), ', ' order by given.place),
    string_agg(
      format('case when num_nulls(t.%1$I) = 0 then concat(t.%1$I) end', given.value ->> 'name'),
      ', ' order by given.place
    )
  )
  from jsonb_array_elements(line_expression.columns) with ordinality as given (value, place);
$$;

comment on function archive.line_expression(jsonb) is
  'SQL for the line of a row of a table t. Parameter: as archive.jobs.columns.';

create function archive.checksum_expression(line text)
returns text
language sql
immutable
security invoker
set search_path = ''
as $$
  select replace(
    $expression$
      coalesce(sum(
        ('x' || left(encode(sha256(convert_to(LINE, 'UTF8')), 'hex'), 16))::bit(64)::bigint
      ), 0)
    $expression$,
    'LINE', checksum_expression.line
  );
$$;

comment on function archive.checksum_expression(text) is
  'SQL for archive.manifest.checksum. It is a sum, so parts add up and order does not matter. '
  'Parameter: SQL for the line.';

create function archive.table_sum(
  relation regclass,
  columns jsonb,
  begin_block bigint default 0,
  end_block bigint default 4294967295,
  out row_count bigint,
  out checksum numeric
)
returns record
language plpgsql
stable
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
set lc_monetary = 'C'
set enable_seqscan = off
-- the price of a scan that is switched off would set it to work each time
set jit = off
as $$
begin
  execute format(
    'select count(*), %s from %s as t where t.ctid >= $1 and t.ctid < $2',
    archive.checksum_expression(archive.line_expression(columns)), relation
  )
  into row_count, checksum
  using format('(%s,0)', begin_block)::tid, format('(%s,0)', end_block)::tid;
end;
$$;

comment on function archive.table_sum(regclass, jsonb, bigint, bigint) is
  'Number and checksum of the rows in some blocks of a table, all by default. The same in each '
  'database and session that holds equal rows. Parameters: the table, columns as in archive.jobs, '
  'first block, block after the last.';

create function archive.store_text(
  job_id uuid,
  number int,
  content text,
  path text,
  row_count bigint,
  checksum numeric,
  last_place tid
)
returns archive.chunks
language sql
volatile
security invoker
set search_path = ''
as $$
  with given as (
    select encode(sha256(convert_to(store_text.content, 'UTF8')), 'hex') as sha256
  )
  insert into archive.chunks (
    job_id, number, last_place, row_count, checksum, raw_bytes, sha256, path
  )
  select
    store_text.job_id, store_text.number, store_text.last_place, store_text.row_count,
    store_text.checksum, octet_length(store_text.content), given.sha256,
    replace(store_text.path, '*', left(given.sha256, 16))
  from given
  on conflict on constraint chunks_pkey do update
  set
    last_place = excluded.last_place,
    row_count = excluded.row_count,
    checksum = excluded.checksum,
    raw_bytes = excluded.raw_bytes,
    sha256 = excluded.sha256,
    path = excluded.path
  returning chunks.*;
$$;

comment on function archive.store_text(uuid, int, text, text, bigint, numeric, tid) is
  'Notes a chunk that is about to be stored. Parameters as in archive.chunks; in the path * stands '
  'for the beginning of the hash.';

create function archive.read_chunk(
  work archive.jobs,
  out chunk archive.chunks,
  out content text
)
returns record
language plpgsql
volatile
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
set lc_monetary = 'C'
-- each chunk must begin where the last one ended, not read the table from its beginning
set enable_seqscan = off
-- the price of a scan that is switched off would set it to work each time
set jit = off
as $$
declare
  byte_limit constant bigint := ops.setting('archive.chunk_bytes')::bigint;
  previous archive.chunks;
  found_place tid;
  found_line text;
  lines text[] := array[]::text[];
  bytes bigint := 0;
  last_place tid;
  checksum numeric;
begin
  -- several results, one of them a row, are what the caller wants
  -- @plpgsql_check_options: extra_warnings = off
  select chunks.* into previous
  from archive.chunks
  where chunks.job_id = work.id and chunks.done_at is not null
  order by chunks.number desc
  limit 1;

  for found_place, found_line in execute format(
    'select t.ctid, %s from %s as t where t.ctid > $1',
    archive.line_expression(work.columns), work.child
  )
  using coalesce(previous.last_place, '(0,0)')
  loop
    bytes := bytes + octet_length(found_line) + 1;
    exit when bytes > byte_limit and last_place is not null;
    if bytes > byte_limit then
      perform private.fail(
        'PL088', work.child, found_place::text, bytes::text, byte_limit::text
      );
    end if;
    lines := array_append(lines, found_line);
    last_place := found_place;
  end loop;
  if last_place is null then
    return;
  end if;

  execute format(
    'select string_agg(line || e''\n'', '''' order by place), %s '
      'from unnest($1) with ordinality as given (line, place)',
    archive.checksum_expression('line')
  )
  into content, checksum
  using lines;
  chunk := archive.store_text(
    work.id, coalesce(previous.number, 0) + 1, content,
    format(
      '%s%s-*.ndjson%s',
      work.path,
      to_char(coalesce(previous.number, 0) + 1, 'FM000000'),
      case when work.compressed then '.gz' else '' end
    ),
    cardinality(lines), checksum, last_place
  );
end;
$$;

comment on function archive.read_chunk(archive.jobs) is
  'The rows of a table after those that are stored: what archive.chunks says of them, and their '
  'lines, each with a line feed, at most archive.chunk_bytes. Nulls when there are no more. Raises '
  'PL088 for a row that is larger.';

create function archive.has_table(work archive.jobs)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select exists (
    select
    from pg_catalog.pg_class
    where pg_class.oid = work.relation
      and pg_class.oid = to_regclass(work.child)
      and not pg_class.relispartition
  );
$$;

comment on function archive.has_table(archive.jobs) is
  'Whether the table of that name is the one that the job was made for, and nobody has attached '
  'it. Volatile, to see what was committed since the statement around it began.';

create function archive.hold_table(
  work archive.jobs,
  mode text
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if not archive.has_table(work) then
    return false;
  end if;
  execute format('lock table %s in %s mode', work.child, hold_table.mode);
  return archive.has_table(work);
end;
$$;

comment on function archive.hold_table(archive.jobs, text) is
  'archive.has_table(), and true until the transaction ends. Parameter: the mode of the lock.';

create function archive.require_table(
  work archive.jobs,
  mode text
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if not archive.hold_table(work, mode) then
    perform private.fail('PL100', work.child);
  end if;
end;
$$;

comment on function archive.require_table(archive.jobs, text) is
  'Raises PL100 unless archive.hold_table().';

create function archive.begin_anew(job_id uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  work archive.jobs;
begin
  select jobs.* into work from archive.jobs where jobs.id = begin_anew.job_id;
  if work.kind = 'export' then
    delete from archive.chunks where chunks.job_id = work.id;
  else
    if archive.hold_table(work, 'access exclusive') then
      execute format('truncate table %s', work.child);
    end if;
    update archive.chunks set done_at = null where chunks.job_id = work.id;
  end if;
  update archive.jobs
  set
    phase = 'rows',
    affected_records = 0,
    file_node = pg_relation_filenode(to_regclass(work.child)),
    columns = case
      when work.kind = 'export' then archive.columns_of(to_regclass(work.child))
      else jobs.columns
    end,
    verified_blocks = 0,
    verified_rows = 0,
    verified_checksum = 0
  where jobs.id = work.id;
end;
$$;

comment on function archive.begin_anew(uuid) is
  'Puts a job back to its beginning; an export takes the columns as they are now. Objects that it '
  'stored stay and are overwritten by equal ones.';

create function archive.verify(work archive.jobs)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  relation constant regclass := work.child::regclass;
  blocks_limit constant bigint := ops.setting('archive.verify_blocks')::bigint;
  budget constant interval :=
    make_interval(secs => ops.setting('archive.verify_ms')::int / 1000.0);
  blocks constant bigint :=
    pg_relation_size(relation) / current_setting('block_size')::bigint;
  began constant timestamptz := clock_timestamp();
  part_began timestamptz;
  part_blocks bigint := 1;
  part record;
  expected_rows bigint;
  expected_checksum numeric;
begin
  -- A block may lead to a hundred megabytes outside it, or to none: the time of each part tells
  -- how many blocks the next one may have.
  loop
    part_began := clock_timestamp();
    select summed.* into part
    from archive.table_sum(
      relation, work.columns, work.verified_blocks, work.verified_blocks + part_blocks
    ) as summed;
    work.verified_rows := work.verified_rows + part.row_count;
    work.verified_checksum := work.verified_checksum + part.checksum;
    work.verified_blocks := work.verified_blocks + part_blocks;
    exit when work.verified_blocks >= blocks or clock_timestamp() >= began + budget;
    part_blocks := greatest(
      1,
      least(
        blocks_limit,
        part_blocks * 2,
        part_blocks * (
          extract(epoch from began + budget - clock_timestamp())
          / greatest(extract(epoch from clock_timestamp() - part_began), 0.001)
        )::bigint
      )
    );
  end loop;
  update archive.jobs
  set
    verified_blocks = work.verified_blocks,
    verified_rows = work.verified_rows,
    verified_checksum = work.verified_checksum
  where jobs.id = work.id;
  if work.verified_blocks < blocks then
    return false;
  end if;

  if work.kind = 'export' then
    select coalesce(sum(chunks.row_count), 0), coalesce(sum(chunks.checksum), 0)
    into expected_rows, expected_checksum
    from archive.chunks
    where chunks.job_id = work.id;
  else
    select manifest.row_count, manifest.checksum into expected_rows, expected_checksum
    from archive.manifest
    where manifest.job_id = work.source_id;
  end if;
  if (work.verified_rows, work.verified_checksum)
    is distinct from (expected_rows, expected_checksum)
  then
    perform private.fail(
      'PL093', work.child, work.verified_rows::text, work.verified_checksum::text,
      expected_rows::text, expected_checksum::text
    );
  end if;
  return true;
end;
$$;

comment on function archive.verify(archive.jobs) is
  'Sums up a job''s table further, for about archive.verify_ms. True after the last rows, when '
  'number and sum of all rows are those of the chunks of an export, or of the manifest of a '
  'restore. '
  'Raises PL093 when they are not.';

create function archive.follow_policy(policy text)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  update ops.partition_config
  set
    retention_action = 'archive',
    retention = case
      when not exists (
        select
        from archive.manifest
        join archive.jobs on jobs.source_id = manifest.job_id
        where manifest.parent = policies.parent::text
          and manifest.restored_at is not null
          and jobs.attaches
          and jobs.child = manifest.restored_as
      ) then make_interval(days => policies.retention_days)
    end
  from archive.policies
  where policies.name = follow_policy.policy and partition_config.parent = policies.parent;
$$;

comment on function archive.follow_policy(text) is
  'Gives a table''s partitions the retention of its policy; none as long as a restored partition '
  'is '
  'attached, because maintenance would take that one away again.';

create function archive.define_policy(
  name text,
  parent regclass,
  retention_days int,
  location text,
  bucket text default null,
  prefix text default '',
  compression boolean default true,
  every interval default '1 hour',
  enabled boolean default true
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  config ops.partition_config := ops.partition_settings(parent);
begin
  if config.unit = 'integer' then
    perform private.fail('PL096', parent::text);
  end if;
  insert into archive.policies (
    name, parent, retention_days, location, bucket, prefix, compression, every, enabled
  )
  values (
    define_policy.name, define_policy.parent, define_policy.retention_days,
    define_policy.location, define_policy.bucket, define_policy.prefix,
    define_policy.compression, define_policy.every, define_policy.enabled
  )
  on conflict on constraint policies_pkey do update
  set
    parent = excluded.parent,
    retention_days = excluded.retention_days,
    location = excluded.location,
    bucket = excluded.bucket,
    prefix = excluded.prefix,
    compression = excluded.compression,
    every = excluded.every,
    next_run_at = now(),
    enabled = excluded.enabled;
  if enabled then
    -- refuses a table whose rows can not go by age
    perform ops.manage_partitions(
      parent, config.control, config.unit, config.ahead, make_interval(days => retention_days),
      'archive', template => config.template, storage_parameters => config.storage_parameters
    );
    perform archive.follow_policy(name);
  end if;
end;
$$;

comment on function archive.define_policy(
  text, regclass, int, text, text, text, boolean, interval, boolean
) is
  'Makes a policy or changes it, and gives the table''s partitions its retention. Parameters as in '
  'archive.policies. Raises PL010 when the partitions are not under management, PL015 when foreign '
  'keys point to the table, PL096 when they go by numbers, 23505 when another policy has the '
  'table, '
  '23514 for a value outside its range.';

create function archive.complete(work archive.jobs)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  update archive.jobs
  set status = 'completed', finished_at = clock_timestamp(), lease = null, leased_until = null
  where jobs.id = work.id;
  perform ops.log(
    'info', 'archive', format('%s of %s is complete', work.kind, work.child),
    jsonb_build_object('job', work.id, 'rows', work.affected_records)
  );
end;
$$;

comment on function archive.complete(archive.jobs) is 'Ends a job that has reached its goal.';

create function archive.complete_export(work archive.jobs)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  perform archive.require_table(work, 'access share');
  if not ops.is_guarded(work.child::regclass)
    or archive.columns_of(work.child::regclass) <> work.columns
  then
    perform private.fail('PL087', work.child);
  end if;
  insert into archive.manifest (
    job_id, parent, child, lower_bound, upper_bound, columns, format_version, row_count, checksum,
    chunks, raw_bytes, stored_bytes
  )
  select
    work.id, work.parent, work.child, work.lower_bound, work.upper_bound, work.columns, 1,
    coalesce(sum(chunks.row_count), 0), coalesce(sum(chunks.checksum), 0), count(*),
    coalesce(sum(chunks.raw_bytes), 0), coalesce(sum(chunks.stored_bytes), 0)
  from archive.chunks
  where chunks.job_id = work.id and chunks.number > 0;
  -- not by its range alone: rows that came late to it are others
  update archive.manifest
  set superseded_by = work.id
  from archive.jobs as earlier
  where earlier.relation = work.relation
    and earlier.id <> work.id
    and (earlier.kind = 'export' or earlier.attaches)
    and manifest.job_id = coalesce(earlier.source_id, earlier.id)
    and manifest.superseded_by is null
    and (manifest.parent, manifest.lower_bound, manifest.upper_bound)
      is not distinct from (work.parent, work.lower_bound, work.upper_bound);
  update ops.detached_partitions
  set archived_at = clock_timestamp()
  where detached_partitions.id = work.detached_id and detached_partitions.dropped_at is null;
  if not found then
    perform private.fail('PL087', work.child);
  end if;
  perform archive.complete(work);
end;
$$;

comment on function archive.complete_export(archive.jobs) is
  'Writes the manifest and lets maintenance drop the partition, in one transaction. Raises PL087 '
  'when the partition does not refuse writes or has other columns by now, PL100 when it was '
  'attached again or is gone.';

create function archive.require_manifest()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if not exists (
    select
    from archive.manifest
    join archive.jobs on jobs.id = manifest.job_id
    where jobs.detached_id = new.id and manifest.child = new.child
  ) then
    perform private.fail('PL017', new.child);
  end if;
  return new;
end;
$$;

comment on function archive.require_manifest() is
  'Trigger function of ops.detached_partitions: a partition that waits for the archive counts as '
  'archived, and is dropped, only beside the manifest of its own export. Raises PL017.';

create trigger detached_partitions_require_manifest
  before insert or update on ops.detached_partitions
  for each row
  when (
    new.archived_at is not null
    or (new.dropped_at is not null and new.retention_action = 'archive')
  )
  execute function archive.require_manifest();

create function archive.withdraw_exports()
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  withdrawn record;
begin
  for withdrawn in
    delete from archive.jobs
    where jobs.kind = 'export'
      and jobs.status <> 'completed'
      and (jobs.detached_id is null or not archive.has_table(jobs))
    returning jobs.id, jobs.child
  loop
    perform ops.log(
      'warning', 'archive',
      format('export of %s ends: it is a partition again, or gone', withdrawn.child),
      jsonb_build_object('job', withdrawn.id)
    );
  end loop;
end;
$$;

comment on function archive.withdraw_exports() is
  'Ends the exports of partitions that somebody has attached again, or dropped. Objects that they '
  'stored stay.';

create function archive.complete_restore(work archive.jobs)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  update archive.manifest
  set restored_at = clock_timestamp(), restored_as = work.child
  where manifest.job_id = work.source_id;
  if work.attaches then
    perform archive.follow_policy(work.policy);
    perform set_config('lock_timeout', ops.setting('ops.lock_timeout_ms') #>> '{}', true);
    perform ops.attach_partition(
      work.parent::regclass, work.child::regclass, work.lower_bound, work.upper_bound
    );
  end if;
  perform archive.complete(work);
end;
$$;

comment on function archive.complete_restore(archive.jobs) is
  'Attaches what is restored and verified, unless it stays a table of its own. Raises 55P03 when '
  'the '
  'lock is not free within ops.lock_timeout_ms, and what ops.attach_partition() raises.';

create function archive.record_failure(
  job_id uuid,
  error text,
  for_good boolean default false
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  attempts_limit constant int := ops.setting('archive.max_attempts')::int;
  backoff constant interval :=
    make_interval(secs => ops.setting('archive.backoff_seconds')::int);
  work archive.jobs;
begin
  update archive.jobs
  set
    errors = jobs.errors || jsonb_build_object(
      'at', clock_timestamp(), 'phase', jobs.phase, 'error', left(record_failure.error, 2000)
    ),
    attempts = jobs.attempts + 1,
    failed_sums = jobs.failed_sums + (jobs.phase = 'verify')::int,
    status = case
      when for_good
        or jobs.attempts + 1 >= attempts_limit
        or jobs.failed_sums + (jobs.phase = 'verify')::int >= attempts_limit
        then 'failed'
      else jobs.status
    end,
    retry_at = clock_timestamp() + backoff * power(2, jobs.attempts),
    lease = null,
    leased_until = null
  where jobs.id = record_failure.job_id
  returning jobs.* into work;
  if work.phase = 'verify' then
    perform archive.begin_anew(work.id);
  end if;
  perform ops.log(
    case work.status when 'failed' then 'error' else 'warning' end,
    'archive',
    format('%s of %s: %s', work.kind, work.child, error),
    jsonb_build_object('job', work.id, 'phase', work.phase, 'attempts', work.attempts)
  );
end;
$$;

comment on function archive.record_failure(uuid, text, boolean) is
  'Notes what went wrong with a job and lets it rest; for good when told so, or after '
  'archive.max_attempts failures in a row, or of its sums. A job whose sums do not agree begins '
  'anew.';

create function archive.manifest_document(work archive.jobs)
returns text
language sql
stable
security invoker
set search_path = ''
as $$
  select jsonb_pretty(jsonb_build_object(
    'format_version', 1,
    'job', work.id,
    'parent', work.parent,
    'child', work.child,
    'lower_bound', work.lower_bound,
    'upper_bound', work.upper_bound,
    'columns', work.columns,
    'compressed', work.compressed,
    'row_count', work.verified_rows,
    'checksum', work.verified_checksum,
    'chunks', coalesce(
      jsonb_agg(
        jsonb_build_object(
          'path', chunks.path, 'row_count', chunks.row_count, 'raw_bytes', chunks.raw_bytes,
          'sha256', chunks.sha256
        )
        order by chunks.number
      ),
      '[]'
    )
  ))
  from archive.chunks
  where chunks.job_id = work.id and chunks.number > 0;
$$;

comment on function archive.manifest_document(archive.jobs) is
  'The manifest as it is stored beside the chunks, so that they can be read without this database.';

create function archive.step(
  work archive.jobs,
  out action text,
  out chunk archive.chunks,
  out content text
)
returns record
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  next_phase text := work.phase;
  is_guarded boolean;
  read record;
begin
  -- several results, one of them a row, are what the caller wants
  -- @plpgsql_check_options: extra_warnings = off
  perform archive.require_table(work, 'access share');
  is_guarded := work.kind = 'restore' or ops.is_guarded(work.child::regclass);
  if not is_guarded then
    -- waits for writers, who keep others waiting behind it
    perform set_config('lock_timeout', ops.setting('ops.lock_timeout_ms') #>> '{}', true);
    perform ops.guard_detached(work.child::regclass);
  end if;
  if not is_guarded
    or (
      work.kind = 'export'
      and (work.file_node, work.columns) is distinct from (
        pg_relation_filenode(work.child::regclass), archive.columns_of(work.child::regclass)
      )
    )
  then
    perform archive.begin_anew(work.id);
    next_phase := 'rows';
  elsif work.phase = 'verify' then
    if archive.verify(work) then
      next_phase := 'finish';
    end if;
  elsif work.phase = 'finish' and work.kind = 'export' then
    action := 'store';
    content := archive.manifest_document(work);
    chunk := archive.store_text(work.id, 0, content, work.path || 'manifest-*.json', 0, 0, null);
  elsif work.phase = 'finish' then
    action := 'again';
    perform archive.complete_restore(work);
    return;
  elsif work.kind = 'export' then
    select next.* into read from archive.read_chunk(work) as next;
    chunk := read.chunk;
    content := read.content;
    action := case when content is not null then 'store' end;
    next_phase := 'verify';
  else
    select chunks.* into chunk
    from archive.chunks
    where chunks.job_id = work.id and chunks.done_at is null
    order by chunks.number
    limit 1;
    action := case when chunk.number is not null then 'fetch' end;
    next_phase := 'verify';
  end if;

  if action is null then
    action := 'again';
    update archive.jobs
    set phase = next_phase, attempts = 0, lease = null, leased_until = null
    where jobs.id = work.id;
  end if;
end;
$$;

comment on function archive.step(archive.jobs) is
  'The next step of a job. Returns store or fetch and the chunk that the caller has to carry, or '
  'again when the step is done already. An export whose table does not refuse writes, or has other '
  'columns by now, begins anew. Raises PL100 when the table is not the job''s any more, 55P03 '
  'while somebody writes to one that does not refuse writes, PL093 when the sums do not agree, and '
  'what archive.complete_restore() raises.';

-- Definer, and so are the next three: the service key works on jobs and reads partitions, in whose
-- schema nobody but the owner has usage, through these calls alone.
create function archive.next_work()
returns table (
  job uuid,
  lease uuid,
  action text,
  number int,
  location text,
  bucket text,
  path text,
  compressed boolean,
  content text
)
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  work archive.jobs;
  done record;
  problem text;
  code text;
begin
  perform private.require_any_role('{super_admin}');
  perform archive.withdraw_exports();
  perform archive.record_failure(dead.id, 'The call that held the lease did not report.')
  from (
    select jobs.id
    from archive.jobs
    where jobs.status = 'running' and jobs.leased_until <= clock_timestamp()
    for update skip locked
  ) as dead;

  select jobs.* into work
  from archive.jobs
  where jobs.status in ('pending', 'running')
    and jobs.lease is null
    and jobs.retry_at <= clock_timestamp()
  -- one that has failed stands behind those that have not
  order by jobs.retry_at, jobs.created_at, jobs.id
  limit 1
  for update skip locked;
  if work.id is null then
    return;
  end if;
  update archive.jobs
  set
    status = 'running',
    started_at = coalesce(jobs.started_at, clock_timestamp()),
    lease = gen_random_uuid(),
    leased_until =
      clock_timestamp() + make_interval(secs => ops.setting('archive.lease_seconds')::int)
  where jobs.id = work.id
  returning jobs.* into work;

  begin
    select step.* into done from archive.step(work) as step;
    return query
    select
      work.id, work.lease, done.action, (done.chunk).number, work.location, work.bucket,
      (done.chunk).path, work.compressed and (done.chunk).number > 0, done.content;
  exception
    -- is noted with the job, which rests or begins anew; also when statement_timeout ends the step
    when query_canceled or assert_failure or others then
      get stacked diagnostics problem = message_text, code = returned_sqlstate;
      -- a table that is gone, or somebody's, does not come back
      perform archive.record_failure(work.id, problem, for_good => code = 'PL100');
      return query
      select
        work.id, null::uuid, 'failed', null::int, null::text, null::text, null::text, null::boolean,
        null::text;
  end;
end;
$$;

comment on function archive.next_work() is
  'Leases a job and does its next step. Body of ops.next_archive_work(). Raises 42501 for a caller '
  'who is not the operator.';

create function archive.leased_job(job uuid, lease uuid)
returns archive.jobs
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  work archive.jobs;
begin
  select jobs.* into work
  from archive.jobs
  where jobs.id = leased_job.job and jobs.lease = leased_job.lease
  for update;
  if work.id is null then
    perform private.fail('PL091', coalesce(leased_job.job::text, 'null'));
  end if;
  return work;
end;
$$;

comment on function archive.leased_job(uuid, uuid) is
  'Locks the job of a lease. Raises PL091 when the lease is another call''s by now.';

create function archive.has_open_jobs()
returns boolean
language sql
stable
security invoker
set search_path = ''
as $$
  select exists (
    select from archive.jobs where jobs.status in ('pending', 'running') and jobs.lease is null
  );
$$;

comment on function archive.has_open_jobs() is
  'Whether a job has more to do that nobody is at.';

create function archive.end_chunk(
  work archive.jobs,
  number int,
  sha256 text,
  stored_bytes bigint default null
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  chunk archive.chunks;
begin
  select chunks.* into chunk
  from archive.chunks
  where chunks.job_id = work.id and chunks.number = end_chunk.number;
  if chunk.sha256 is distinct from end_chunk.sha256 then
    perform private.fail(
      'PL092', coalesce(number::text, 'null'), work.id::text, coalesce(sha256, 'null'),
      coalesce(chunk.sha256, 'none')
    );
  end if;
  update archive.chunks
  set
    done_at = clock_timestamp(),
    stored_bytes = coalesce(end_chunk.stored_bytes, chunks.stored_bytes)
  where chunks.job_id = work.id and chunks.number = end_chunk.number;
  update archive.jobs
  set
    affected_records = jobs.affected_records + chunk.row_count,
    attempts = 0,
    lease = null,
    leased_until = null
  where jobs.id = work.id
  returning jobs.* into work;
  if number = 0 then
    perform archive.complete_export(work);
  end if;
  return archive.has_open_jobs();
end;
$$;

comment on function archive.end_chunk(archive.jobs, int, text, bigint) is
  'Notes that a chunk is where it belongs and has this hash. Returns whether a job has more to do. '
  'Raises PL092 when the hash is another one.';

create function archive.confirm_chunk(
  job uuid,
  lease uuid,
  number int,
  sha256 text,
  stored_bytes bigint
)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_any_role('{super_admin}');
  return archive.end_chunk(archive.leased_job(job, lease), number, sha256, stored_bytes);
end;
$$;

comment on function archive.confirm_chunk(uuid, uuid, int, text, bigint) is
  'Body of ops.confirm_archive_chunk(). Raises PL091, PL092, and 42501 for a caller who is not the '
  'operator.';

create function archive.base_type(type oid)
returns oid
language sql
stable
security invoker
set search_path = ''
as $$
  with recursive types as (
    select base_type.type
    union all
    select pg_type.typbasetype
    from types
    join pg_catalog.pg_type on pg_type.oid = types.type
    where pg_type.typtype = 'd'
  )
  select types.type
  from types
  join pg_catalog.pg_type on pg_type.oid = types.type
  where pg_type.typtype <> 'd';
$$;

comment on function archive.base_type(oid) is
  'The type below a domain, and the domains below it; of any other type itself.';

create function archive.load_chunk(
  job uuid,
  lease uuid,
  number int,
  content text
)
returns boolean
language plpgsql
volatile
security definer
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO, YMD'
set intervalstyle = 'postgres'
set bytea_output = 'hex'
set lc_monetary = 'C'
as $$
declare
  work archive.jobs;
  has_more boolean;
  names text;
  expressions text;
  definitions text;
  problem text;
  detail text;
begin
  perform private.require_any_role('{super_admin}');
  work := archive.leased_job(job, lease);
  perform archive.require_table(work, 'row exclusive');
  -- what the table computes itself is not given to it; the sum proves that it is the same again.
  -- jsonb_to_record calls the input function of each type, where a cast from text may be a function
  -- of somebody's; but a string it takes for json as it is
  select
    string_agg(quote_ident(attname), ', ' order by attnum),
    string_agg(
      format(case when is_json then 't.%I::%s' else 't.%I' end, attname, type), ', '
      order by attnum
    ),
    string_agg(
      format('%I %s', attname, case when is_json then 'text' else type end), ', ' order by attnum
    )
  into names, expressions, definitions
  from jsonb_array_elements(work.columns) as given
  join pg_catalog.pg_attribute
    on attrelid = work.child::regclass and attname = given ->> 'name' and attgenerated = ''
  cross join lateral (
    select
      format_type(atttypid, atttypmod) as type,
      archive.base_type(atttypid) in ('json'::regtype, 'jsonb'::regtype) as is_json
  ) as typed;
  begin
    -- first, because it refuses what is not the chunk
    has_more := archive.end_chunk(
      work, number, encode(sha256(convert_to(content, 'UTF8')), 'hex')
    );
    -- a key that is checked at the end of the transaction would be no error of this block
    set constraints all immediate;
    execute format(
      'with given as materialized (
          select line::jsonb as line from string_to_table(rtrim($1, e''\n''), e''\n'') as line
        )
        insert into %s (%s)
        select %s from given cross join lateral jsonb_to_record(given.line) as t (%s)',
      work.child, names, expressions, definitions
    )
    using content;
  exception
    -- the next attempt would find the same
    when integrity_constraint_violation then
      get stacked diagnostics problem = message_text, detail = pg_exception_detail;
      perform archive.record_failure(
        work.id,
        concat_ws(
          ' ', problem || '.', detail, 'The rows do not fit their table any more: call '
          'archive.release, then archive.restore with attach => false.'
        ),
        for_good => true
      );
      has_more := archive.has_open_jobs();
  end;
  return has_more;
end;
$$;

comment on function archive.load_chunk(uuid, uuid, int, text) is
  'Body of ops.load_archive_chunk(). A row that breaks a constraint, such as a foreign key to a '
  'row that is gone, fails the job for good. Raises PL091, PL092, PL100 when the table is not the '
  'job''s any more, what the insert raises besides, and 42501 for a caller who is not the '
  'operator.';

create function archive.fail_job(job uuid, lease uuid, error text)
returns void
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  perform private.require_any_role('{super_admin}');
  perform archive.record_failure(
    (archive.leased_job(job, lease)).id, coalesce(error, 'The call gave no error.')
  );
end;
$$;

comment on function archive.fail_job(uuid, uuid, text) is
  'Body of ops.fail_archive_job(). Raises PL091, and 42501 for a caller who is not the operator.';

create function archive.restore(
  id uuid,
  attach boolean default true
)
returns uuid
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  source archive.manifest;
  export archive.jobs;
  standing text;
  problem text;
  target regclass;
  made uuid;
begin
  select manifest.* into source
  from archive.manifest
  where manifest.job_id = restore.id
  for update;
  if source.job_id is null then
    perform private.fail('PL090', coalesce(id::text, 'null'));
  end if;
  select jobs.* into export from archive.jobs where jobs.id = source.job_id;
  -- what was released stands until retention has taken it away again
  select coalesce(source.restored_as, min(jobs.child)) into standing
  from archive.jobs
  where jobs.source_id = source.job_id
    and (
      jobs.status <> 'completed'
      or exists (
        select
        from pg_catalog.pg_class
        where pg_class.oid = jobs.relation and jobs.child = pg_class.oid::regclass::text
      )
    );
  if standing is not null then
    perform private.fail('PL094', source.child, standing);
  end if;

  if source.superseded_by is not null then
    perform private.fail('PL089', source.job_id::text, source.superseded_by::text);
  end if;
  if attach then
    select case
      when to_regclass(source.parent) is null then 'it is gone'
      when exists (
        select
        from ops.partition_settings(to_regclass(source.parent)) as config
        where ops.partition_coverage(to_regclass(source.parent)) && int8range(
          ops.partition_point(config.unit, source.lower_bound),
          ops.partition_point(config.unit, source.upper_bound)
        )
      ) then 'it has a partition of that range'
      when ops.default_has_rows(
        to_regclass(source.parent), source.lower_bound, source.upper_bound
      ) then 'its default holds rows of that range'
      else (
        select 'it has no column ' || string_agg(given ->> 'name', ', ')
        from jsonb_array_elements(source.columns) as given
        where not exists (
          select
          from pg_catalog.pg_attribute
          where attrelid = to_regclass(source.parent)
            and attname = given ->> 'name'
            and not attisdropped
        )
      )
    end into problem;
    if problem is not null then
      perform private.fail('PL095', source.parent, problem);
    end if;
    target := ops.build_partition(
      source.parent::regclass, source.lower_bound, source.upper_bound, with_foreign_keys => true
    );
  else
    execute format(
      'create table archive.%I (%s)',
      'restored_' || source.job_id,
      (
        select string_agg(format('%I %s', given.value ->> 'name', given.value ->> 'type'), ', '
          order by given.place)
        from jsonb_array_elements(source.columns) with ordinality as given (value, place)
      )
    );
    target := format('archive.%I', 'restored_' || source.job_id)::regclass;
    execute format('alter table %s enable row level security', target);
    execute format('comment on table %s is %L', target, format(
      'Rows of %s from %s to %s, restored from the archive. Ends by archive.release().',
      source.parent, source.lower_bound, source.upper_bound
    ));
  end if;

  insert into archive.jobs (
    kind, policy, source_id, parent, child, relation, lower_bound, upper_bound, columns, attaches,
    location, bucket, path, compressed
  )
  values (
    'restore', export.policy, source.job_id, source.parent, target::text, target,
    source.lower_bound, source.upper_bound, source.columns, attach, export.location, export.bucket,
    export.path,
    export.compressed
  )
  returning jobs.id into made;
  insert into archive.chunks (
    job_id, number, row_count, checksum, raw_bytes, stored_bytes, sha256, path
  )
  select
    made, chunks.number, chunks.row_count, chunks.checksum, chunks.raw_bytes,
    chunks.stored_bytes, chunks.sha256, chunks.path
  from archive.chunks
  where chunks.job_id = source.job_id and chunks.number > 0;
  return made;
end;
$$;

comment on function archive.restore(uuid, boolean) is
  'Begins to bring an archived partition back; the function archive-export does it. Parameters: '
  'job_id of the manifest; whether it becomes a partition of its parent again, which suspends the '
  'retention of the parent until archive.release(), or a table of its own in schema archive. '
  'Returns '
  'the job. Raises PL090 when nothing is archived under the id, PL094 when it is restored already, '
  'PL089 when the range was archived again later, PL095 when the parent is gone, has not all '
  'columns, or has a partition of that range or rows of it in its default.';

create function archive.release(id uuid)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  source archive.manifest;
  restored archive.jobs;
begin
  select manifest.* into source
  from archive.manifest
  where manifest.job_id = release.id
  for update;
  select jobs.* into restored
  from archive.jobs
  where jobs.source_id = source.job_id
    and (jobs.status <> 'completed' or jobs.child = source.restored_as)
  limit 1;
  if restored.id is null then
    return false;
  end if;
  update archive.manifest
  set restored_at = null, restored_as = null
  where manifest.job_id = source.job_id;
  if restored.status = 'completed' and restored.attaches then
    perform archive.follow_policy(restored.policy);
    return true;
  end if;
  if archive.hold_table(restored, 'access exclusive') then
    execute format('drop table %s', restored.child);
  elsif to_regclass(restored.child) is not null then
    perform ops.log(
      'warning', 'archive',
      format('release of %s leaves %s: it is another table, or a partition', source.child,
        restored.child),
      jsonb_build_object('job', restored.id)
    );
  end if;
  delete from archive.jobs where jobs.id = restored.id and jobs.status <> 'completed';
  return true;
end;
$$;

comment on function archive.release(uuid) is
  'Ends the restoring of a manifest, or what it has restored: a partition goes by the retention of '
  'its policy again, and so is archived anew; a table of its own is dropped, unless somebody has '
  'attached it, or another one has its name by now. Parameter: job_id of the manifest. Returns '
  'false when nothing of it is restored.';

create function archive.retry(id uuid)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  update archive.jobs
  set status = 'pending', attempts = 0, failed_sums = 0, retry_at = clock_timestamp()
  where jobs.id = retry.id and jobs.status = 'failed';
  if not found then
    perform private.fail('PT404', format('Failed job %s', coalesce(id::text, 'null')));
  end if;
end;
$$;

comment on function archive.retry(uuid) is
  'Lets a failed job go on where it stopped. Raises PT404 when there is no failed job of this id.';

create function archive.upkeep()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  perform archive.withdraw_exports();
  with due as (
    update archive.policies
    set next_run_at = clock_timestamp() + policies.every
    where policies.enabled and policies.next_run_at <= clock_timestamp()
    returning policies.*
  )
  insert into archive.jobs (
    id, kind, policy, detached_id, parent, child, relation, lower_bound, upper_bound, columns,
    location, bucket, path, compressed
  )
  select
    made.id, 'export', due.name, detached.id, detached.parent, detached.child,
    detached.child::regclass, detached.lower_bound, detached.upper_bound,
    archive.columns_of(detached.child::regclass), due.location, due.bucket,
    format('%s%s/%s/', due.prefix, due.name, made.id), due.compression
  from due
  join ops.detached_partitions as detached
    on detached.parent = due.parent::text and detached.retention_action = 'archive'
  -- named, so that each partition has one
  cross join lateral (select gen_random_uuid() as id where detached.child is not null) as made
  where detached.archived_at is null
    and detached.dropped_at is null
    and exists (
      select
      from pg_catalog.pg_class
      where pg_class.oid = to_regclass(detached.child) and not pg_class.relispartition
    )
  order by detached.detached_at
  on conflict (child) where kind = 'export' and status <> 'completed' do nothing;
  if found then
    -- kept even when the function can not be woken
    return true;
  end if;

  if exists (
    select
    from archive.jobs
    where jobs.status in ('pending', 'running')
      and jobs.retry_at <= clock_timestamp()
      and coalesce(jobs.leased_until <= clock_timestamp(), true)
  ) then
    perform ops.wake('archive-export');
  end if;
  return false;
end;
$$;

comment on function archive.upkeep() is
  'Handler of the topic archive: makes a job for each partition that was detached to be archived, '
  'and wakes the function that works on jobs. Returns true when it made one. Raises what '
  'ops.wake() '
  'raises.';

create function ops.next_archive_work()
returns table (
  job uuid,
  lease uuid,
  action text,
  number int,
  location text,
  bucket text,
  path text,
  compressed boolean,
  content text
)
language sql
volatile
security invoker
set search_path = ''
as $$
  select * from archive.next_work();
$$;

comment on function ops.next_archive_work() is
  'For the function archive-export: leases a job of the archive and says what is to be done. '
  'Action '
  'store: write content to the path, gzipped when compressed, read it back and call '
  'ops.confirm_archive_chunk(); fetch: read the path and call ops.load_archive_chunk(); again: a '
  'step is done, call again; failed: it is noted with the job. No row: nothing is due. A lease '
  'that '
  'is not answered in archive.lease_seconds is over. Raises 42501 for a caller who is not the '
  'operator.';

create function ops.confirm_archive_chunk(
  job uuid,
  lease uuid,
  number int,
  sha256 text,
  stored_bytes bigint
)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select archive.confirm_chunk(job, lease, number, sha256, stored_bytes);
$$;

comment on function ops.confirm_archive_chunk(uuid, uuid, int, text, bigint) is
  'Says that a chunk is stored. Parameters: job, lease and number as given; SHA-256 in hexadecimal '
  'of what was read back, after decompression; bytes of the object. Returns whether more is to be '
  'done. Raises PL091 when the lease is over, PL092 when the hash is not that of the chunk.';

create function ops.load_archive_chunk(
  job uuid,
  lease uuid,
  number int,
  content text
)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select archive.load_chunk(job, lease, number, content);
$$;

comment on function ops.load_archive_chunk(uuid, uuid, int, text) is
  'Brings the rows of a chunk back. Parameters: job, lease and number as given; the object''s text '
  'after decompression. Returns whether more is to be done. Raises PL091 when the lease is over, '
  'PL092 when the text has another hash than the chunk, and what the insert raises.';

create function ops.fail_archive_job(job uuid, lease uuid, error text)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select archive.fail_job(job, lease, error);
$$;

comment on function ops.fail_archive_job(uuid, uuid, text) is
  'Says that a chunk could not be carried. Parameters: job and lease as given, what went wrong. '
  'The '
  'job tries again later, archive.max_attempts times. Raises PL091 when the lease is over.';

create view ops.archive_status
with (security_invoker = true)
as
select
  policies.name as policy,
  policies.parent,
  policies.enabled,
  (
    select count(*)
    from ops.detached_partitions
    where detached_partitions.parent = policies.parent::text
      and detached_partitions.retention_action = 'archive'
      and detached_partitions.archived_at is null
      and detached_partitions.dropped_at is null
  ) as waiting,
  jobs.running,
  jobs.failed,
  archived.partitions,
  archived.row_count,
  archived.stored_bytes,
  archived.restored,
  archived.last_archived_at
from archive.policies
cross join lateral (
  select
    count(*) filter (where jobs.status in ('pending', 'running')) as running,
    count(*) filter (where jobs.status = 'failed') as failed
  from archive.jobs
  where jobs.policy = policies.name
) as jobs
cross join lateral (
  select
    count(*) as partitions,
    coalesce(sum(manifest.row_count), 0) as row_count,
    coalesce(sum(manifest.stored_bytes), 0) as stored_bytes,
    count(manifest.restored_at) as restored,
    max(manifest.archived_at) as last_archived_at
  from archive.manifest
  join archive.jobs on jobs.id = manifest.job_id
  where jobs.policy = policies.name
) as archived;

comment on view ops.archive_status is 'How far each policy is, for dashboards and alerts.';
comment on column ops.archive_status.waiting is
  'Partitions that are detached and not archived yet; more and more of them: look at failed.';
comment on column ops.archive_status.running is 'Jobs that are pending or under way.';
comment on column ops.archive_status.failed is 'Jobs that wait for a person: archive.retry().';
comment on column ops.archive_status.restored is
  'Restored partitions; while one is attached, the table''s retention rests.';

create trigger policies_set_updated_at
  before update on archive.policies
  for each row execute function private.set_updated_at();

alter table archive.policies enable row level security;
alter table archive.jobs enable row level security;
alter table archive.manifest enable row level security;
alter table archive.chunks enable row level security;

grant usage on schema archive to service_role;
grant select on archive.policies, archive.jobs, archive.manifest, ops.archive_status
  to service_role;
grant execute on function
  archive.next_work(),
  archive.confirm_chunk(uuid, uuid, int, text, bigint),
  archive.load_chunk(uuid, uuid, int, text),
  archive.fail_job(uuid, uuid, text),
  ops.next_archive_work(),
  ops.confirm_archive_chunk(uuid, uuid, int, text, bigint),
  ops.load_archive_chunk(uuid, uuid, int, text),
  ops.fail_archive_job(uuid, uuid, text)
  to service_role;

-- Jobs are rows of archive.jobs; the queue holds no message and only names the function to be
-- woken.
select ops.define_queue(
  name => 'archive',
  description => 'Wakes the function that carries chunks. Its work is in archive.jobs.',
  wakes => 'archive-export'
);
select ops.define_topic('archive', 'archive.upkeep', '1 minute');

-- Off, because where to is the operator's to say: define_policy again with enabled => true.
select archive.define_policy(
  'systemLogs', 'ops.system_logs', 30, 'storage', 'archive', enabled => false
);
