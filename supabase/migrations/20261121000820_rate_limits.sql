-- Rate limits: token buckets that refill with time. A bucket is one timestamp, when it will be full
-- again, so taking a token is one upsert, and a full bucket is the same as no row.

-- Unlogged: a token per request is no work for the WAL. After a crash all buckets are full, which
-- gives each caller one more burst.
create unlogged table private.rate_limits (
  key text primary key,
  full_at timestamptz not null,
  constraint rate_limits_key_check check (char_length(key) between 1 and 300)
)
-- room for the next version of a row on its page, since each token writes one
with (fillfactor = 50);

comment on table private.rate_limits is
  'Token buckets that are not full. Empty after a crash, and on a replica.';
comment on column private.rate_limits.key is 'What is limited, and whom.';
comment on column private.rate_limits.full_at is
  'When the bucket is full again if nobody takes. Each token moves it on by the time that one '
  'takes to refill.';

select private.define_error('PL085', 400, 'There is no bucket of %s tokens and %s more a second.',
  'Both are more than 0, the refill is at most 100,000, and it fills the bucket within ten years.');
select private.define_error('PT429', 429, 'Too many requests: try again in %s seconds.',
  'Send fewer requests, and wait as long as the header Retry-After says.');

-- Definer: the service role counts by it and may not write the table. It checks no right: whoever
-- may call it can do nothing but count.
create function private.take_token(
  key text,
  capacity int,
  refill_per_second numeric,
  as_of timestamptz default null
)
returns table (allowed boolean, remaining int, retry_after int)
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  refill interval;
  present timestamptz;
  new_full_at timestamptz;
begin
  if coalesce(
    capacity < 1 or refill_per_second <= 0 or refill_per_second > 100000
      -- ten years; beyond some thousands a time would overflow
      or capacity > refill_per_second * 315360000,
    true
  ) then
    perform private.fail('PL085', capacity::text, refill_per_second::text);
  end if;
  refill := make_interval(secs => (1 / refill_per_second)::double precision);

  -- The clock is read once the row is locked: whoever waited for it comes after the others.
  insert into private.rate_limits as bucket (key, full_at)
  values (take_token.key, coalesce(as_of, clock_timestamp()) + refill)
  on conflict on constraint rate_limits_pkey do update
  set full_at = greatest(bucket.full_at, coalesce(as_of, clock_timestamp())) + refill
  -- a refusal writes nothing, so that a flood of them leaves no dead rows
  where greatest(bucket.full_at, coalesce(as_of, clock_timestamp())) + refill
    <= coalesce(as_of, clock_timestamp()) + capacity * refill
  returning bucket.full_at into new_full_at;

  present := coalesce(as_of, clock_timestamp());
  allowed := new_full_at is not null;
  if allowed then
    remaining := capacity
      - greatest(ceil(extract(epoch from new_full_at - present) / extract(epoch from refill)), 0);
    retry_after := 0;
  else
    remaining := 0;
    select ceil(extract(epoch from rate_limits.full_at - present - (capacity - 1) * refill))
    into retry_after
    from private.rate_limits
    where rate_limits.key = take_token.key;
    -- the bucket may have filled, or gone, since
    retry_after := greatest(retry_after, 1);
  end if;
  return next;
end;
$$;

comment on function private.take_token(text, int, numeric, timestamptz) is
  'Takes a token out of a bucket, if there is one. Parameters: the key, tokens of a full bucket, '
  'tokens that come back in a second, the present (null: the clock). Returns whether there was '
  'one, how many are left, and the seconds until there is one (0 when allowed). Of callers at once '
  'no more are allowed than there are tokens. The bucket stays locked until the transaction ends: '
  'call it in one of its own. Raises PL085 for a bucket that is none, 23514 for a key of 0 or over '
  '300 characters.';

create function private.require_token(key text, capacity int, refill_per_second numeric)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  taken record;
begin
  select * into taken
  from private.take_token(require_token.key, capacity, refill_per_second);
  if not taken.allowed then
    perform private.fail('PT429', taken.retry_after::text);
  end if;
end;
$$;

comment on function private.require_token(text, int, numeric) is
  'Takes a token as take_token() does, for an RPC that limits itself; what fails later in its '
  'transaction gives the token back. Raises PT429 when there is none, PL085 for a bucket that is '
  'none.';

create function private.purge_rate_limits(
  row_limit int,
  as_of timestamptz default clock_timestamp()
)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  purged int;
begin
  delete from private.rate_limits
  where rate_limits.key in (
    select bucket.key
    from private.rate_limits as bucket
    where bucket.full_at <= as_of
    limit row_limit
    for update skip locked
  );
  get diagnostics purged = row_count;
  return purged;
end;
$$;

comment on function private.purge_rate_limits(int, timestamptz) is
  'Deletes buckets that are full, which changes nothing for their callers. Parameters: how many at '
  'most, the present. Returns how many.';

create function ops.purge_rate_limits()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  row_limit constant int := ops.setting('ops.rate_limit_purge_rows')::int;
begin
  return private.purge_rate_limits(row_limit) = row_limit;
end;
$$;

comment on function ops.purge_rate_limits() is
  'Topic of the executor: deletes buckets that are full. Returns true while more may wait.';

create function ops.take_token(limit_name text, caller text)
returns table (allowed boolean, remaining int, retry_after int)
language sql
volatile
security invoker
set search_path = ''
as $$
  select taken.allowed, taken.remaining, taken.retry_after
  from private.take_token(
    take_token.limit_name || ' ' || take_token.caller,
    ops.setting(take_token.limit_name || '_burst')::int,
    ops.setting(take_token.limit_name || '_per_minute')::numeric / 60
  ) as taken;
$$;

comment on function ops.take_token(text, text) is
  'Counts a request of a caller against a limit; for functions of the edge, before the work. '
  'Parameters: name of the limit, whose settings <name>_burst and <name>_per_minute say how many '
  'may come at once and how many come back a minute; who is limited, such as an address. Returns '
  'whether the request may go on, how many more may, and the seconds to wait. Raises PL001 when '
  'the limit has no settings.';

select ops.define_setting('ops.rate_limit_purge_rows', '10000',
  'Buckets that a step of the purge deletes.', 1, 1000000);

alter table private.rate_limits enable row level security;

grant execute on function private.take_token(text, int, numeric, timestamptz) to service_role;
grant execute on function ops.take_token(text, text) to service_role;

select ops.define_topic('purge-rate-limits', 'ops.purge_rate_limits', interval '10 minutes');
