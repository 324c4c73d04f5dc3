-- Each day of the audit log is sealed by a hash that includes the seal of the day before: whoever
-- changes a row has to change each later seal as well, and the last one has left the database.

create table audit.seals (
  day date primary key,
  horizon xid8 not null,
  read_until timestamptz,
  read_rows bigint not null default 0,
  read_digests bytea not null default '',
  row_count bigint,
  rows_digest bytea,
  previous_digest bytea,
  digest bytea,
  sealed_at timestamptz,
  constraint seals_sealed_check check (
    num_nulls(row_count, rows_digest, previous_digest, digest, sealed_at) in (0, 5)
  )
);

comment on table audit.seals is
  'One row for each day (UTC) of the audit log, from its first on. All is null but the horizon '
  'until the day is sealed.';
comment on column audit.seals.horizon is
  'A transaction that began to write after the end of the day: once all older ones have ended, no '
  'row can be added to the day.';
comment on column audit.seals.read_until is
  'How far the day has been read; null before the first step. A busy day takes several.';
comment on column audit.seals.read_rows is 'Rows read so far.';
comment on column audit.seals.read_digests is
  'The digests of the minutes read so far; empty again once the day is sealed.';
comment on column audit.seals.row_count is 'Rows that were logged on the day.';
comment on column audit.seals.rows_digest is
  'SHA-256 over the rows, as audit.day_digest() reads them.';
comment on column audit.seals.previous_digest is
  'digest of the day before; 32 zero bytes for the first day.';
comment on column audit.seals.digest is
  'SHA-256 over day, row_count, rows_digest and previous_digest.';

select ops.define_setting('audit.seal_delay', '300',
  'How long after its end a day is sealed at the earliest, in seconds. A clock that is set back by '
  'less adds no row to a sealed day.', 0, 86400);

select ops.define_setting('audit.seal_step_ms', '5000',
  'How long one step reads the log of a day to seal it, in milliseconds.', 1, 600000);

create function audit.minute_digests(
  from_time timestamptz,
  to_time timestamptz,
  out row_count bigint,
  out digests bytea
)
language sql
stable
security invoker
set search_path = ''
set timezone = 'UTC'
set datestyle = 'ISO'
set bytea_output = 'hex'
as $$
  -- by minutes, so that the hashes of a busy day need not be in memory together
  select
    coalesce(sum(minutes.row_count), 0)::bigint,
    coalesce(string_agg(minutes.digest, ''::bytea order by minutes.minute), '')
  from (
    select
      date_trunc('minute', audit_logs.logged_at) as minute,
      count(*) as row_count,
      sha256(string_agg(
        sha256(convert_to(
          row(
            audit_logs.id, audit_logs.logged_at, audit_logs.target_id, audit_logs.operation,
            audit_logs.row_key, audit_logs.changed_fields, audit_logs.old_values,
            audit_logs.new_values, audit_logs.transaction_id, audit_logs.actor_id,
            audit_logs.actor_role, audit_logs.login_role, audit_logs.address, audit_logs.claimed
          )::text,
          'UTF8'
        )),
        ''::bytea order by audit_logs.id
      )) as digest
    from audit.audit_logs
    where audit_logs.logged_at >= minute_digests.from_time
      and audit_logs.logged_at < minute_digests.to_time
    group by minute
  ) as minutes;
$$;

comment on function audit.minute_digests(timestamptz, timestamptz) is
  'How many rows the log has from one whole minute up to another, and the SHA-256 of each minute '
  'that has some, over all their columns in order, one after the other. A column that is added to '
  'the log later is not in it, or old seals would break.';

create function audit.day_digest(
  day date,
  out row_count bigint,
  out digest bytea
)
language sql
stable
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
  select minutes.row_count, sha256(minutes.digests)
  from audit.minute_digests(
    day_digest.day::timestamptz, (day_digest.day + 1)::timestamptz
  ) as minutes;
$$;

comment on function audit.day_digest(date) is
  'How many rows a day (UTC) has, and SHA-256 over the digests of its minutes.';

create function audit.seal_digest(seal audit.seals)
returns bytea
language sql
stable
security invoker
set search_path = ''
set datestyle = 'ISO'
set bytea_output = 'hex'
as $$
  select sha256(convert_to(
    row(seal.day, seal.row_count, seal.rows_digest, seal.previous_digest)::text, 'UTF8'
  ));
$$;

comment on function audit.seal_digest(audit.seals) is 'What the digest of a seal must be.';

create function audit.seal_day(as_of timestamptz default clock_timestamp())
returns date
language plpgsql
volatile
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
declare
  previous audit.seals;
  seal audit.seals;
  part record;
  delay interval := make_interval(secs => ops.setting('audit.seal_delay')::int);
  ends_at constant timestamptz := clock_timestamp()
    + ops.setting('audit.seal_step_ms')::int * interval '1 millisecond';
begin
  if not pg_try_advisory_xact_lock(hashtextextended('audit.seal', 0)) then
    return null;
  end if;

  select seals.* into previous
  from audit.seals
  where seals.digest is not null
  order by seals.day desc
  limit 1;
  seal.day := coalesce(
    previous.day + 1, (select min(audit_logs.logged_at)::date from audit.audit_logs)
  );
  if seal.day is null or as_of < (seal.day + 1)::timestamptz + delay then
    return null;
  end if;

  -- Who logged a row before the end of the day had a transaction id by then, and so a smaller one
  -- than is given now. The snapshot's xmax would not do: it is the end of what has completed, and
  -- a transaction that still runs can lie beyond it.
  insert into audit.seals (day, horizon)
  values (seal.day, pg_current_xact_id())
  on conflict on constraint seals_pkey do nothing;
  select seals.* into seal from audit.seals where seals.day = seal.day;
  if pg_snapshot_xmin(pg_current_snapshot()) < seal.horizon then
    return null;
  end if;

  -- an hour at a time, so that no statement of a busy day outlives its lease
  seal.read_until := coalesce(seal.read_until, seal.day::timestamptz);
  while seal.read_until < (seal.day + 1)::timestamptz loop
    select minutes.* into part
    from audit.minute_digests(seal.read_until, seal.read_until + interval '1 hour') as minutes;
    seal.read_rows := seal.read_rows + part.row_count;
    seal.read_digests := seal.read_digests || part.digests;
    seal.read_until := seal.read_until + interval '1 hour';
    exit when clock_timestamp() > ends_at;
  end loop;
  update audit.seals
  set
    read_until = seal.read_until,
    read_rows = seal.read_rows,
    read_digests = seal.read_digests
  where seals.day = seal.day;
  if seal.read_until < (seal.day + 1)::timestamptz then
    return seal.day;
  end if;

  seal.row_count := seal.read_rows;
  seal.rows_digest := sha256(seal.read_digests);
  seal.previous_digest := coalesce(previous.digest, decode(repeat('00', 32), 'hex'));
  seal.digest := audit.seal_digest(seal);
  update audit.seals
  set
    read_digests = '',
    row_count = seal.row_count,
    rows_digest = seal.rows_digest,
    previous_digest = seal.previous_digest,
    digest = seal.digest,
    sealed_at = clock_timestamp()
  where seals.day = seal.day;
  -- out of reach of whoever can write the database
  raise log 'audit seal % %', seal.day, encode(seal.digest, 'hex');
  return seal.day;
end;
$$;

comment on function audit.seal_day(timestamptz) is
  'Seals the oldest day that is not sealed, or reads on in it for audit.seal_step_ms, and returns '
  'it; null when none is due, or when a transaction that may have logged on it still runs. Writes '
  'the digest to the server log.';

create function audit.seal_days()
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select audit.seal_day() is not null;
$$;

comment on function audit.seal_days() is
  'Topic of the executor: seals one day, or a part of it. True when there may be more.';

create function audit.verify(
  from_day date,
  to_day date
)
returns table (
  day date,
  state text,
  detail text,
  digest text,
  is_first_broken boolean
)
language plpgsql
stable
security invoker
set search_path = ''
set timezone = 'UTC'
as $$
declare
  seal audit.seals;
  previous audit.seals;
  found_rows bigint;
  found_digest bytea;
  is_broken boolean := false;
begin
  for day in
    select (from_day + offset_days)::date from generate_series(0, to_day - from_day) as offset_days
  loop
    select seals.* into seal
    from audit.seals
    where seals.day = verify.day and seals.digest is not null;
    select seals.* into previous
    from audit.seals
    where seals.day < verify.day and seals.digest is not null
    order by seals.day desc
    limit 1;
    select counted.row_count, counted.digest into found_rows, found_digest
    from audit.day_digest(verify.day) as counted;

    detail := case
      when seal.day is null then
        case
          when exists (
            select 1 from audit.seals where seals.day > verify.day and seals.digest is not null
          )
          and (previous.day is not null or found_rows > 0)
            then 'its seal is missing'
        end
      when seal.digest <> audit.seal_digest(seal) then 'its seal was changed'
      when seal.previous_digest <> coalesce(previous.digest, decode(repeat('00', 32), 'hex'))
        or seal.day <> coalesce(previous.day + 1, seal.day)
        then 'its seal does not follow from the one before, which was changed or removed'
      when found_rows = 0 and audit.kept_since() >= (seal.day + 1)::timestamptz then null
      when found_rows < seal.row_count
        then format('%s of its %s rows are missing', seal.row_count - found_rows, seal.row_count)
      when found_rows > seal.row_count
        then format('%s rows were added to its %s', found_rows - seal.row_count, seal.row_count)
      when found_digest <> seal.rows_digest then 'its rows were changed'
    end;
    state := case
      when detail is not null then 'broken'
      when seal.day is null then 'unsealed'
      when found_rows < seal.row_count then 'detached'
      else 'intact'
    end;
    digest := encode(seal.digest, 'hex');
    is_first_broken := state = 'broken' and not is_broken;
    is_broken := is_broken or is_first_broken;
    return next;
  end loop;
end;
$$;

comment on function audit.verify(date, date) is
  'Checks the days (UTC) against their seals. state: intact; broken, with what is wrong in detail; '
  'unsealed, not sealed yet or before the audit; detached, when its rows have left by retention '
  'and only its seal can be checked. is_first_broken marks the first broken day of the range. '
  'Compare digest with what the server log or ops.audit_head() said before: who owns the database '
  'can build a whole chain anew.';

-- Definer: the head is to be copied elsewhere, by somebody who may read no more of the audit.
create function audit.head()
returns table (
  day date,
  digest text,
  sealed_at timestamptz
)
language sql
stable
security definer
set search_path = ''
as $$
  select seals.day, encode(seals.digest, 'hex'), seals.sealed_at
  from audit.seals
  where seals.digest is not null
  order by seals.day desc
  limit 1;
$$;

comment on function audit.head() is 'The latest seal; the body of ops.audit_head().';

create function ops.audit_head()
returns table (
  day date,
  digest text,
  sealed_at timestamptz
)
language sql
stable
security invoker
set search_path = ''
as $$
  select head.day, head.digest, head.sealed_at from audit.head() as head;
$$;

comment on function ops.audit_head() is
  'The latest day (UTC) of the audit log that is sealed, with the SHA-256 that all seals up to it '
  'lead to. Keep a copy outside of the database: audit.verify() prints the digest of each day.';

alter table audit.seals enable row level security;

grant execute on function audit.head(), ops.audit_head() to service_role;

select ops.define_topic(
  'audit-seals', 'audit.seal_days', interval '1 hour',
  description => 'Seals the days of the audit log that have ended.'
);

select ops.define_invariant('audit.no_gaps', 'select * from ops.audit_gaps',
  'No change of an audited table escapes the trail.');

-- Of the core's own tables, those that say who may do what and how everything is tuned.
select audit.enable('private.user_roles');
select audit.enable('ops.settings');
