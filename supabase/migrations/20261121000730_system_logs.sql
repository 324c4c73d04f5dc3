-- One log of what jobs and functions did and met, beside the server's own log, which hosted Supabase
-- keeps for a day and no alert can query. A week is a partition, so that age costs a drop, no delete.

create table ops.system_logs (
  id bigint generated always as identity,
  logged_at timestamptz not null default clock_timestamp(),
  level text not null,
  source text not null,
  message text not null,
  details jsonb not null default '{}',
  transaction_id xid8 not null default pg_current_xact_id(),
  primary key (logged_at, id),
  constraint system_logs_level_check check (level in ('debug', 'info', 'warning', 'error')),
  constraint system_logs_source_check check (source <> ''),
  constraint system_logs_details_check check (jsonb_typeof(details) = 'object')
)
partition by range (logged_at);

-- The key answers "the last hour"; this one "the last of this job". Both grow at one end only.
create index system_logs_source_logged_at_idx on ops.system_logs (source, logged_at);

comment on table ops.system_logs is
  'What jobs and functions of the edge reported through ops.log(). Partitioned by week, kept for '
  'thirty days.';
comment on column ops.system_logs.id is 'Order of entries of the same time.';
comment on column ops.system_logs.logged_at is 'The moment of the entry, not of its transaction.';
comment on column ops.system_logs.level is
  'debug, info, warning (worth a look) or error (something did not happen).';
comment on column ops.system_logs.source is
  'Who reports: a topic of the executor, a function as schema.name, or functions/name of the edge.';
comment on column ops.system_logs.message is 'One sentence. A long one is cut, and says so.';
comment on column ops.system_logs.details is
  'What helps to understand it. A document past the limit is kept as {cut, characters, beginning}.';
comment on column ops.system_logs.transaction_id is
  'Transaction that wrote the entry: what else it did, the audit log has under the same id.';

create function ops.log(
  level text,
  source text,
  message text,
  details jsonb default '{}'
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  message_limit constant int := ops.setting('ops.log_message_limit')::int;
  details_limit constant int := ops.setting('ops.log_details_limit')::int;
  kept_message text := coalesce(log.message, '(no message)');
  kept_details jsonb := coalesce(log.details, '{}');
begin
  if log.level is null or log.level not in ('debug', 'info', 'warning', 'error') then
    perform private.fail('PL030', coalesce(log.level, 'null'));
  end if;
  if coalesce(log.source, '') = '' then
    perform private.fail('PL031');
  end if;

  if length(kept_message) > message_limit then
    kept_message := format('%s… (cut from %s characters)',
      left(kept_message, message_limit), length(kept_message));
  end if;
  if jsonb_typeof(kept_details) <> 'object' then
    kept_details := jsonb_build_object('value', kept_details);
  end if;
  if length(kept_details::text) > details_limit then
    kept_details := jsonb_build_object(
      'cut', true,
      'characters', length(kept_details::text),
      'beginning', left(kept_details::text, details_limit)
    );
  end if;

  begin
    insert into ops.system_logs (level, source, message, details)
    values (log.level, log.source, kept_message, kept_details);
  exception
    -- A job that has done its work must not be undone because its report can not be stored: the
    -- report goes to the server's log instead, with the reason. Only the insert is forgiven.
    when others then
      raise warning 'ops.log could not store: % % % % (%: %)',
        log.level, log.source, kept_message, kept_details, sqlstate, sqlerrm;
  end;
end;
$$;

comment on function ops.log(text, text, text, jsonb) is
  'Adds an entry to ops.system_logs. Parameters: level (debug, info, warning, error), who reports, '
  'one sentence, a JSON object with what helps. What is longer than the settings '
  'ops.log_message_limit and ops.log_details_limit is cut and marked. The entry belongs to the '
  'caller''s transaction and goes when that is undone; one that can not be stored becomes a '
  'warning in the server''s log. Raises PL030 for an unknown level, PL031 without a source.';

select private.define_error('PL030', 400, '%s is not a level of the log.',
  'The levels are debug, info, warning and error.');
select private.define_error('PL031', 400, 'A log entry names no source.',
  'Name the topic or the function that reports.');

select ops.define_setting('ops.log_message_limit', '2000',
  'Characters of a message that the log keeps.', 100, 100000);
select ops.define_setting('ops.log_details_limit', '20000',
  'Characters of the details that the log keeps.', 100, 1000000);

alter table ops.system_logs enable row level security;

select ops.manage_partitions(
  parent => 'ops.system_logs',
  control => 'logged_at',
  unit => 'week',
  retention => '30 days'
);

grant select, insert (level, source, message, details) on ops.system_logs to service_role;
grant execute on function ops.log(text, text, text, jsonb) to service_role;
