-- Work that is done later or elsewhere: messages in named queues, taken by workers under a lease.
-- A lease is nothing but a time before which nobody else sees the message, so the message of a
-- worker that died comes back by itself.

create table ops.queues (
  name text primary key,
  description text not null,
  wakes text,
  lease interval not null,
  max_attempts int not null,
  backoff_base interval not null,
  backoff_cap interval not null,
  key_retention interval not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint queues_name_check check (name ~ '^[a-z][a-z0-9-]{0,62}$'),
  constraint queues_wakes_check check (wakes ~ '^[a-z][a-z0-9-]{0,62}$'),
  constraint queues_lease_check check (lease >= interval '1 second'),
  constraint queues_max_attempts_check check (max_attempts between 1 and 100),
  constraint queues_backoff_check check (
    backoff_base > interval '0' and backoff_cap >= backoff_base
  ),
  constraint queues_key_retention_check check (key_retention >= interval '0')
);

create table ops.queue (
  id bigint generated always as identity primary key,
  queue text not null
    constraint queue_queue_fkey references ops.queues (name) on delete restrict,
  priority int not null default 0,
  visible_at timestamptz not null default now(),
  attempts int not null default 0,
  lease_token uuid,
  idempotency_key text,
  payload jsonb not null,
  failures jsonb not null default '[]',
  enqueued_at timestamptz not null default now()
)
-- Each message leaves dead rows: vacuum goes by their number, not by their share of a table that is
-- empty one minute and has a million rows the next. No fillfactor: a lease changes an indexed
-- column, so no update could be a HOT one.
with (
  autovacuum_vacuum_scale_factor = 0,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_cost_delay = 0,
  autovacuum_vacuum_insert_scale_factor = 0,
  autovacuum_vacuum_insert_threshold = 20000
);

create index queue_dequeue_idx on ops.queue (queue, priority desc, visible_at, id);

create table ops.queue_keys (
  queue text not null
    constraint queue_keys_queue_fkey references ops.queues (name) on delete cascade,
  key text not null,
  message_id bigint not null,
  expires_at timestamptz,
  primary key (queue, key),
  constraint queue_keys_key_check check (octet_length(key) between 1 and 500)
);

create index queue_keys_expires_at_idx on ops.queue_keys (expires_at)
  where expires_at is not null;

create table ops.dead_letters (
  id bigint primary key,
  queue text not null
    constraint dead_letters_queue_fkey references ops.queues (name) on delete restrict,
  priority int not null,
  attempts int not null,
  idempotency_key text,
  payload jsonb not null,
  failures jsonb not null,
  reason text not null,
  enqueued_at timestamptz not null,
  died_at timestamptz not null default now()
);

create index dead_letters_queue_died_at_idx on ops.dead_letters (queue, died_at);

comment on table ops.queues is 'The queues, made by ops.define_queue().';
comment on column ops.queues.wakes is
  'Function of the edge that takes the messages; null when workers poll.';
comment on column ops.queues.lease is 'How long a worker may hold a message before others see it.';
comment on column ops.queues.max_attempts is
  'How often a message is handed out before it goes to the dead letters.';
comment on column ops.queues.backoff_base is
  'Longest wait after the first failure; it doubles with each further one.';
comment on column ops.queues.backoff_cap is 'Longest wait after any failure.';
comment on column ops.queues.key_retention is
  'How long an idempotency key outlives its message.';

comment on table ops.queue is
  'The messages that are not done yet: waiting, delayed, or leased to a worker.';
comment on column ops.queue.priority is 'Higher goes first.';
comment on column ops.queue.visible_at is
  'When the message may be handed out: now, after a delay, or when its lease runs out.';
comment on column ops.queue.attempts is 'How often the message was handed out.';
comment on column ops.queue.lease_token is
  'Names the lease; null before the first one and after a failure.';
comment on column ops.queue.idempotency_key is 'What makes enqueuing it again no second message.';
comment on column ops.queue.failures is
  'What workers reported, oldest first: objects of at, attempt and error.';

comment on table ops.queue_keys is 'Idempotency keys, with the message that each stands for.';
comment on column ops.queue_keys.message_id is
  'The first message with this key; no foreign key, because the key outlives it.';
comment on column ops.queue_keys.expires_at is
  'When the key is free again; null as long as the message is not done.';

comment on table ops.dead_letters is
  'Messages that nobody could handle. ops.redrive() brings them back, ops.discard() drops them.';
comment on column ops.dead_letters.id is 'The id that the message had in ops.queue.';
comment on column ops.dead_letters.failures is 'As in ops.queue.';
comment on column ops.dead_letters.reason is 'Why the message was given up.';

select private.define_error('PL040', 400, 'There is no queue %s.',
  'Read ops.queues for the queues that exist; ops.define_queue() makes one in a migration.');
select private.define_error('PL041', 400, 'Parameter %s can not be %s.',
  'The comment of the function in docs/schema gives the range of each parameter.');
select private.define_error('PL042', 400, 'No queue wakes a function %s.',
  'Name the function as wakes of its queue with ops.define_queue().');
select private.define_error('PL043', 400, 'Functions can not be woken: %s.',
  'Set queue.functions_url to https://<project>.supabase.co/functions/v1, and store the '
  'project''s secret key in Vault under the name in the setting queue.secret_name.');

select ops.define_setting('queue.batch_maximum', '100',
  'Most messages that one call of ops.dequeue hands out. The API cuts an answer at its own max_rows; '
  'what it cuts off would be leased to nobody.', 1, 200);
select ops.define_setting('queue.error_length', '2000',
  'Characters that are kept of an error which a worker reports.', 100, 100000);
select ops.define_setting('queue.upkeep_rows', '1000',
  'Most rows of a kind that one step of the queue''s upkeep removes.', 1, 100000);
select ops.define_setting('queue.functions_url', '""',
  'Address of the functions of the edge, without a slash at its end, for pg_net.');
select ops.define_setting('queue.secret_name', '"plinth_secret_key"',
  'Name in Vault of the key that a function of the edge is woken with.');
select ops.define_setting('queue.wake_timeout', '30',
  'Seconds that pg_net waits for the answer of a function that it wakes.', 1, 400);

create function ops.define_queue(
  name text,
  description text,
  wakes text default null,
  lease interval default '1 minute',
  max_attempts int default 8,
  backoff_base interval default '5 seconds',
  backoff_cap interval default '1 hour',
  key_retention interval default '7 days'
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into ops.queues (
    name, description, wakes, lease, max_attempts, backoff_base, backoff_cap, key_retention
  )
  values (
    define_queue.name, define_queue.description, define_queue.wakes, define_queue.lease,
    define_queue.max_attempts, define_queue.backoff_base, define_queue.backoff_cap,
    define_queue.key_retention
  )
  on conflict on constraint queues_pkey do update
  set
    description = excluded.description,
    wakes = excluded.wakes,
    lease = excluded.lease,
    max_attempts = excluded.max_attempts,
    backoff_base = excluded.backoff_base,
    backoff_cap = excluded.backoff_cap,
    key_retention = excluded.key_retention;
$$;

comment on function
  ops.define_queue(text, text, text, interval, int, interval, interval, interval) is
  'Makes a queue, or replaces its definition. Parameters: name, of a-z, 0-9 and -; what it is for; '
  'the function of the edge that takes its messages (null: workers poll); how long a lease lasts, '
  'from one second; attempts before the dead letters, 1 to 100; longest wait after the first '
  'failure, and after any; how long a key outlives its message. Raises 23514 outside these ranges.';

create function ops.enqueue(
  queue text,
  payload jsonb,
  idempotency_key text default null,
  priority int default 0,
  delay interval default '0'
)
returns table (id bigint, is_new boolean)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if not exists (select 1 from ops.queues where queues.name = enqueue.queue) then
    perform private.fail('PL040', coalesce(enqueue.queue, 'null'));
  end if;
  if enqueue.delay is null or enqueue.delay < interval '0' then
    perform private.fail('PL041', 'delay', coalesce(enqueue.delay::text, 'null'));
  end if;

  id := nextval('ops.queue_id_seq');
  if enqueue.idempotency_key is not null then
    -- waits for a transaction that is about to use the same key, and holds the key from purging
    insert into ops.queue_keys as held (queue, key, message_id)
    values (enqueue.queue, enqueue.idempotency_key, enqueue.id)
    on conflict on constraint queue_keys_pkey do update
    set message_id = excluded.message_id, expires_at = null
    where held.expires_at <= now();
    if not found then
      select held.message_id, false into enqueue.id, enqueue.is_new
      from ops.queue_keys as held
      where held.queue = enqueue.queue and held.key = enqueue.idempotency_key;
      return next;
      return;
    end if;
  end if;

  insert into ops.queue (id, queue, priority, visible_at, idempotency_key, payload)
  overriding system value
  values (
    enqueue.id, enqueue.queue, enqueue.priority, now() + enqueue.delay, enqueue.idempotency_key,
    enqueue.payload
  );
  is_new := true;
  return next;
end;
$$;

comment on function ops.enqueue(text, jsonb, text, int, interval) is
  'Puts a message into a queue. Parameters: name of the queue; what the worker gets; a key of at '
  'most 500 bytes, which makes enqueuing it again no second message until the key retention after '
  'the first is done; priority, higher goes first; delay from the start of the transaction, not '
  'negative. Returns the id, and is_new false when the key had a message already, whose id it is. '
  'Wakes nobody: call ops.wake() once after a batch when it is urgent. Raises PL040 for an unknown '
  'queue, PL041 for a bad delay, 23502 without payload, 23514 for a bad key.';

create function ops.enqueue_many(
  queue text,
  payloads jsonb,
  idempotency_keys text[] default null,
  priority int default 0,
  delay interval default '0'
)
returns table (id bigint, is_new boolean)
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if coalesce(jsonb_typeof(enqueue_many.payloads), 'null') <> 'array' then
    perform private.fail(
      'PL041', 'payloads', coalesce('a JSON ' || jsonb_typeof(enqueue_many.payloads), 'null')
    );
  end if;
  if cardinality(enqueue_many.idempotency_keys) <> jsonb_array_length(enqueue_many.payloads) then
    perform private.fail('PL041', 'idempotency_keys', 'longer or shorter than payloads');
  end if;

  return query
  with made as materialized (
    select ordered.place, message.id, message.is_new
    from (
      -- by key, so that two batches which share keys wait for each other in one order
      select element.payload, element.place, enqueue_many.idempotency_keys[element.place] as key
      from jsonb_array_elements(enqueue_many.payloads)
        with ordinality as element (payload, place)
      order by key, element.place
    ) as ordered
    cross join lateral ops.enqueue(
      enqueue_many.queue, ordered.payload, ordered.key, enqueue_many.priority, enqueue_many.delay
    ) as message
  )
  select made.id, made.is_new from made order by made.place;
end;
$$;

comment on function ops.enqueue_many(text, jsonb, text[], int, interval) is
  'Puts messages into a queue as ops.enqueue() does. Parameters: name of the queue; a JSON array of '
  'payloads; an idempotency key for each, null for none; priority and delay of all. Returns a row '
  'for each, in the order of the payloads. Raises what ops.enqueue() raises, and PL041 when '
  'payloads is no array or the keys are not as many.';

-- The planner may meet the table empty and keep a plan for that; the index is right at every size.
create function ops.dequeue(
  queue text,
  batch int default 1,
  lease interval default null
)
returns table (
  id bigint,
  payload jsonb,
  priority int,
  attempts int,
  idempotency_key text,
  enqueued_at timestamptz,
  lease_token uuid,
  leased_until timestamptz
)
language plpgsql
volatile
security invoker
set search_path = ''
set enable_seqscan = off
as $$
declare
  definition ops.queues;
  -- the clock, because the transaction may have begun long ago
  as_of timestamptz := clock_timestamp();
  wanted int := dequeue.batch;
  taken int;
  level int;
begin
  select queues.* into definition from ops.queues where queues.name = dequeue.queue;
  if definition.name is null then
    perform private.fail('PL040', coalesce(dequeue.queue, 'null'));
  end if;
  if dequeue.batch is distinct from 1 and (
    dequeue.batch is null
    or dequeue.batch not between 1 and (ops.setting('queue.batch_maximum') #>> '{}')::int
  ) then
    perform private.fail('PL041', 'batch', coalesce(dequeue.batch::text, 'null'));
  end if;
  if dequeue.lease < interval '1 second' then
    perform private.fail('PL041', 'lease', dequeue.lease::text);
  end if;

  lease_token := gen_random_uuid();
  leased_until := as_of + coalesce(dequeue.lease, definition.lease);
  -- Priority by priority: in one scan over all of them, the delayed messages of a higher one would
  -- be read each time before the first message of a lower one.
  loop
    select max(message.priority) into level
    from ops.queue as message
    where message.queue = dequeue.queue and (level is null or message.priority < level);
    exit when level is null;

    return query
    with due as materialized (
      select message.id, message.visible_at
      from ops.queue as message
      where message.queue = dequeue.queue
        and message.priority = level
        and message.visible_at <= as_of
        and message.attempts < definition.max_attempts
      order by message.visible_at, message.id
      limit wanted
      for update skip locked
    ),
    leased as (
      update ops.queue as message
      set
        visible_at = dequeue.leased_until,
        lease_token = dequeue.lease_token,
        attempts = message.attempts + 1
      -- a join could be planned as a walk over the whole key
      where message.id = any (array(select due.id from due))
      returning message.*
    )
    select
      leased.id, leased.payload, leased.priority, leased.attempts, leased.idempotency_key,
      leased.enqueued_at, leased.lease_token, leased.visible_at
    from leased
    join due on due.id = leased.id
    order by due.visible_at, due.id;

    get diagnostics taken = row_count;
    wanted := wanted - taken;
    exit when wanted = 0;
  end loop;
end;
$$;

comment on function ops.dequeue(text, int, interval) is
  'Hands out messages that are due, by priority, then by age, and leases them: until leased_until '
  'no other worker gets them. Parameters: name of the queue; most messages, 1 to the setting '
  'queue.batch_maximum; length of the lease from one second (null: that of the queue). All have one '
  'lease_token. Commit before the work begins, or a worker that dies is not counted as an attempt. '
  'Effects in the transaction of ops.complete() happen exactly once; others at least once, so send '
  'the id along as their key. Raises PL040 for an unknown queue, PL041 for a bad batch or lease.';

-- plpgsql for one statement, here and below, because it keeps the plan for the session.
create function ops.complete(ids bigint[], token uuid)
returns setof bigint
language plpgsql
volatile
security invoker
set search_path = ''
set enable_seqscan = off
as $$
begin
  return query
  with done as (
    delete from ops.queue as message
    where message.id = any (complete.ids) and message.lease_token = complete.token
    returning message.id, message.queue, message.idempotency_key
  ),
  expiring as (
    update ops.queue_keys as held
    set expires_at = now() + queues.key_retention
    from done
    join ops.queues on queues.name = done.queue
    where held.queue = done.queue and held.key = done.idempotency_key
  )
  select done.id from done;
end;
$$;

comment on function ops.complete(bigint[], uuid) is
  'Ends messages that are done. Parameters: their ids, the token of the lease. Returns the ids that '
  'were ended. An id that is missing was given to another worker when the lease ran out, or was '
  'ended already: undo its effects, by rolling back when they are in this transaction.';

create function ops.extend_lease(ids bigint[], token uuid, lease interval default null)
returns setof bigint
language plpgsql
volatile
security invoker
set search_path = ''
set enable_seqscan = off
as $$
begin
  if extend_lease.lease < interval '1 second' then
    perform private.fail('PL041', 'lease', extend_lease.lease::text);
  end if;
  return query
  update ops.queue as message
  set visible_at = clock_timestamp() + coalesce(extend_lease.lease, queues.lease)
  from ops.queues
  where message.id = any (extend_lease.ids)
    and message.lease_token = extend_lease.token
    and queues.name = message.queue
  returning message.id;
end;
$$;

comment on function ops.extend_lease(bigint[], uuid, interval) is
  'Holds messages longer. Parameters: their ids, the token of the lease, its length from now on, '
  'from one second (null: that of the queue). Returns the ids that are held; one that is missing '
  'belongs to another worker, or to none. Raises PL041 for a bad lease.';

create function ops.bury(ids bigint[], reason text)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
set enable_seqscan = off
as $$
declare
  buried int;
begin
  with gone as (
    delete from ops.queue as message
    where message.id = any (bury.ids)
    returning message.*
  )
  insert into ops.dead_letters (
    id, queue, priority, attempts, idempotency_key, payload, failures, reason, enqueued_at
  )
  select
    gone.id, gone.queue, gone.priority, gone.attempts, gone.idempotency_key, gone.payload,
    gone.failures, bury.reason, gone.enqueued_at
  from gone;
  get diagnostics buried = row_count;
  return buried;
end;
$$;

comment on function ops.bury(bigint[], text) is
  'Moves messages to the dead letters, also out of the hands of a worker. Parameters: their ids, '
  'the reason. Returns how many. Raises 23502 without a reason.';

create function ops.fail(
  id bigint,
  token uuid,
  error text,
  is_retryable boolean default true
)
returns text
language plpgsql
volatile
security invoker
set search_path = ''
set enable_seqscan = off
as $$
declare
  definition ops.queues;
  message ops.queue;
  said text := left(
    coalesce(fail.error, 'The worker gave no error.'),
    (ops.setting('queue.error_length') #>> '{}')::int
  );
begin
  select queue.* into message
  from ops.queue
  where queue.id = fail.id and queue.lease_token = fail.token
  for update;
  if message.id is null then
    return 'stale';
  end if;
  select queues.* into definition from ops.queues where queues.name = message.queue;

  update ops.queue
  set
    lease_token = null,
    -- between half of it and all of it, or those who failed together would come back together
    visible_at = clock_timestamp() + make_interval(secs => (0.5 + random() / 2) * least(
      extract(epoch from definition.backoff_cap),
      extract(epoch from definition.backoff_base) * power(2, message.attempts - 1)
    )),
    failures = queue.failures || jsonb_build_object(
      'at', clock_timestamp(), 'attempt', message.attempts, 'error', said
    )
  where queue.id = message.id;
  if fail.is_retryable and message.attempts < definition.max_attempts then
    return 'retried';
  end if;
  perform ops.bury(array[message.id], said);
  return 'dead';
end;
$$;

comment on function ops.fail(bigint, uuid, text, boolean) is
  'Reports that a message could not be handled. Parameters: its id, the token of the lease, what '
  'went wrong, and false when trying again is useless. Returns retried: it is handed out again '
  'after a wait that doubles with each attempt; dead: it is in the dead letters; or stale: it '
  'belongs to another worker by now, or to none.';

create function ops.redrive(queue text, ids bigint[] default null)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  redriven int;
begin
  with back as (
    delete from ops.dead_letters as letter
    where letter.queue = redrive.queue and (redrive.ids is null or letter.id = any (redrive.ids))
    returning letter.*
  )
  insert into ops.queue (id, queue, priority, idempotency_key, payload, failures, enqueued_at)
  overriding system value
  select
    back.id, back.queue, back.priority, back.idempotency_key, back.payload, back.failures,
    back.enqueued_at
  from back;
  get diagnostics redriven = row_count;
  return redriven;
end;
$$;

comment on function ops.redrive(text, bigint[]) is
  'Brings dead letters back into their queue, due now, with all attempts before them; what failed '
  'before stays in failures. Parameters: name of the queue, ids (null: all). Returns how many.';

create function ops.discard(queue text, ids bigint[] default null)
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  discarded int;
begin
  with gone as (
    delete from ops.dead_letters as letter
    where letter.queue = discard.queue and (discard.ids is null or letter.id = any (discard.ids))
    returning letter.queue, letter.idempotency_key
  ),
  expiring as (
    update ops.queue_keys as held
    set expires_at = now() + queues.key_retention
    from gone
    join ops.queues on queues.name = gone.queue
    where held.queue = gone.queue and held.key = gone.idempotency_key
  )
  select count(*) into discarded from gone;
  return discarded;
end;
$$;

comment on function ops.discard(text, bigint[]) is
  'Drops dead letters for good; their keys are free after the key retention of the queue. '
  'Parameters: name of the queue, ids (null: all). Returns how many.';

create function ops.wake(function text)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  url text;
  secret text;
begin
  -- the key of the project goes with the request, so only to functions that a migration named
  if not exists (select 1 from ops.queues where queues.wakes = wake.function) then
    perform private.fail('PL042', coalesce(wake.function, 'null'));
  end if;
  if to_regproc('net.http_post') is null then
    perform pg_notify('ops_wake', wake.function);
    return;
  end if;

  url := ops.setting('queue.functions_url') #>> '{}';
  if url = '' then
    perform private.fail('PL043', 'the setting queue.functions_url is empty');
  end if;
  -- pg_net and Vault are not in every database, so their names are not in the body
  if to_regclass('vault.decrypted_secrets') is not null then
    execute 'select decrypted_secret from vault.decrypted_secrets where name = $1'
      into secret
      using ops.setting('queue.secret_name') #>> '{}';
  end if;
  if secret is null then
    perform private.fail('PL043', 'Vault holds no secret of the name in queue.secret_name');
  end if;
  execute 'select net.http_post(
      url := $1, body := $2, headers := $3, timeout_milliseconds := $4
    )'
    using
      url || '/' || wake.function,
      '{}'::jsonb,
      jsonb_build_object('Content-Type', 'application/json', 'apikey', secret),
      (ops.setting('queue.wake_timeout') #>> '{}')::int * 1000;
end;
$$;

comment on function ops.wake(text) is
  'Calls a function of the edge, by POST with the project''s secret key and an empty object, once '
  'the transaction is committed: by pg_net where the extension is, else by a notification on the '
  'channel ops_wake, for which the local stack listens. Returns before the function answers. '
  'Parameter: a function that some queue wakes. Raises PL042 for any other, PL043 when pg_net is '
  'there and the address or the key is not set.';

create view ops.queue_status
with (security_invoker = true)
as
select
  queues.name as queue,
  messages.visible,
  messages.leased,
  messages.delayed,
  (select count(*) from ops.dead_letters where dead_letters.queue = queues.name) as dead,
  messages.oldest_age
from ops.queues
cross join lateral (
  select
    count(*) filter (where message.visible_at <= now()) as visible,
    count(*) filter (where message.visible_at > now() and message.lease_token is not null)
      as leased,
    count(*) filter (where message.visible_at > now() and message.lease_token is null) as delayed,
    now() - min(message.visible_at) filter (where message.visible_at <= now()) as oldest_age
  from ops.queue as message
  where message.queue = queues.name
) as messages;

comment on view ops.queue_status is 'Depth and age of each queue, for dashboards and alerts.';
comment on column ops.queue_status.visible is 'Messages that are due and held by nobody.';
comment on column ops.queue_status.leased is 'Messages that a worker holds.';
comment on column ops.queue_status.delayed is
  'Messages that wait for their time, after a delay or a failure.';
comment on column ops.queue_status.dead is 'Dead letters of the queue.';
comment on column ops.queue_status.oldest_age is
  'How long the oldest visible message has been due; null when none is.';

create function ops.tidy_queue()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  most int := (ops.setting('queue.upkeep_rows') #>> '{}')::int;
  exhausted bigint[];
  purged int;
begin
  -- a worker that dies of a message each time never reports it
  select array_agg(found.id) into exhausted
  from (
    select message.id
    from ops.queue as message
    join ops.queues on queues.name = message.queue
    where message.visible_at <= now() and message.attempts >= queues.max_attempts
    limit most
    for update of message skip locked
  ) as found;
  perform ops.bury(exhausted, 'The lease of the last attempt ran out.');

  with expired as materialized (
    select held.queue, held.key
    from ops.queue_keys as held
    where held.expires_at <= now()
    order by held.expires_at
    limit most
    for update skip locked
  )
  delete from ops.queue_keys as held
  using expired
  where held.queue = expired.queue and held.key = expired.key;
  get diagnostics purged = row_count;

  return greatest(cardinality(exhausted), purged) = most;
end;
$$;

comment on function ops.tidy_queue() is
  'Handler of the topic tidy-queue, one step: moves messages whose last lease ran out to the dead '
  'letters and purges keys that are free. Returns true when more may be waiting.';

create function ops.wake_consumers()
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  perform ops.wake(queues.wakes)
  from ops.queues
  where queues.wakes is not null
    and exists (
      select 1
      from ops.queue as message
      where message.queue = queues.name and message.visible_at <= now()
    )
  group by queues.wakes;
  return false;
end;
$$;

comment on function ops.wake_consumers() is
  'Handler of the topic wake-consumers: wakes each function of the edge whose queue holds a message '
  'that is due, in case nobody did when it came. Returns false. Raises what ops.wake() raises.';

create trigger queues_set_updated_at
  before update on ops.queues
  for each row execute function private.set_updated_at();

alter table ops.queues enable row level security;
alter table ops.queue enable row level security;
alter table ops.queue_keys enable row level security;
alter table ops.dead_letters enable row level security;

grant select on ops.queues, ops.queue, ops.queue_keys, ops.dead_letters, ops.queue_status
  to service_role;
grant insert (
  id, queue, priority, visible_at, idempotency_key, payload, failures, enqueued_at
) on ops.queue to service_role;
grant update (visible_at, attempts, lease_token, failures) on ops.queue to service_role;
grant usage on sequence ops.queue_id_seq to service_role;
grant insert (queue, key, message_id) on ops.queue_keys to service_role;
grant update (message_id, expires_at) on ops.queue_keys to service_role;
grant insert (
  id, queue, priority, attempts, idempotency_key, payload, failures, reason, enqueued_at
) on ops.dead_letters to service_role;
grant delete on ops.queue, ops.dead_letters to service_role;
grant execute on function
  ops.enqueue(text, jsonb, text, int, interval),
  ops.enqueue_many(text, jsonb, text[], int, interval),
  ops.dequeue(text, int, interval),
  ops.complete(bigint[], uuid),
  ops.extend_lease(bigint[], uuid, interval),
  ops.fail(bigint, uuid, text, boolean),
  ops.bury(bigint[], text),
  ops.redrive(text, bigint[]),
  ops.discard(text, bigint[]),
  ops.wake(text)
  to service_role;

select ops.define_topic(
  name => 'tidy-queue',
  handler => 'ops.tidy_queue',
  every => '1 minute',
  description => 'Buries messages that killed each of their workers, purges idempotency keys.'
);
select ops.define_topic(
  name => 'wake-consumers',
  handler => 'ops.wake_consumers',
  every => '1 minute',
  description => 'Wakes the functions of the edge whose queues hold messages that are due.'
);
