-- The contract of schema ops: exactly these tables, views and functions, and exactly these rights
-- on them. Only the service key reaches the schema.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir schemas.psql
\ir rights.psql

select plan(6);

create temporary view expected_relations as
select *
from (
  values
    ('sequence', 'data_quality_results_id_seq'), ('sequence', 'detached_partitions_id_seq'),
    ('sequence', 'partition_drains_id_seq'), ('sequence', 'queue_id_seq'),
    ('sequence', 'system_logs_id_seq'), ('table', 'data_quality_checks'),
    ('table', 'data_quality_results'), ('table', 'dead_letters'),
    ('table', 'detached_partitions'), ('table', 'partition_config'),
    ('table', 'partition_drains'), ('table', 'queue'), ('table', 'queue_keys'),
    ('table', 'queues'), ('table', 'settings'), ('table', 'system_logs'), ('table', 'topics'),
    ('view', 'admin_actions'), ('view', 'archive_status'), ('view', 'audit_gaps'),
    ('view', 'connection_stats'), ('view', 'invariants'), ('view', 'partition_health'),
    ('view', 'partitions'), ('view', 'queue_status'), ('view', 'security_events'),
    ('view', 'topic_status')
) as listed (kind, name);

create temporary view expected_functions as
select *
from (
  values
    ('abandon_drain', 'parent regclass', 'void'),
    ('adopt_partitions', 'parent regclass', 'TABLE(child text, detail text)'),
    ('advance_drain', 'drain_id bigint', 'boolean'),
    ('apply_partition_action',
      'parent regclass, action text, INOUT child text, lower_bound text, upper_bound text, as_of '
      'timestamp with time zone DEFAULT now(), OUT locked_at timestamp with time zone',
      'record'),
    ('attach_partition',
      'parent regclass, child regclass, lower_bound text, upper_bound text',
      'void'),
    ('audit_head', '', 'TABLE(day date, digest text, sealed_at timestamp with time zone)'),
    ('begin_drain', 'parent regclass', 'boolean'),
    ('build_drained', 'drain ops.partition_drains', 'boolean'),
    ('build_partition',
      'parent regclass, lower_bound text, upper_bound text, with_foreign_keys boolean DEFAULT '
      'false',
      'regclass'),
    ('bury', 'ids bigint[], reason text', 'integer'),
    ('claim_topic',
      'tick_ends timestamp with time zone, as_of timestamp with time zone DEFAULT '
      'clock_timestamp()',
      'uuid'),
    ('clean_drained', 'drain ops.partition_drains', 'boolean'),
    ('complete', 'ids bigint[], token uuid', 'SETOF bigint'),
    ('confirm_archive_chunk',
      'job uuid, lease uuid, number integer, sha256 text, stored_bytes bigint',
      'boolean'),
    ('copy_drained', 'drain ops.partition_drains', 'boolean'),
    ('copy_policies', 'source regclass, child regclass', 'void'),
    ('create_monthly_partitions',
      '',
      'TABLE(parent regclass, action text, child text, detail text)'),
    ('default_has_rows',
      'parent regclass, lower_bound text DEFAULT NULL::text, upper_bound text DEFAULT NULL::text',
      'boolean'),
    ('default_obstacle', 'parent regclass, lower_bound text, upper_bound text', 'text'),
    ('define_data_quality_check',
      'name text, kind text, query text, description text, tolerance bigint DEFAULT 0',
      'void'),
    ('define_invariant', 'name text, query text, description text', 'void'),
    ('define_queue',
      'name text, description text, wakes text DEFAULT NULL::text, lease interval DEFAULT '
      '''00:01:00''::interval, max_attempts integer DEFAULT 8, backoff_base interval DEFAULT '
      '''00:00:05''::interval, backoff_cap interval DEFAULT ''01:00:00''::interval, key_retention '
      'interval DEFAULT ''7 days''::interval',
      'void'),
    ('define_setting',
      'key text, default_value jsonb, description text, minimum numeric DEFAULT NULL::numeric, '
      'maximum numeric DEFAULT NULL::numeric',
      'void'),
    ('define_topic',
      'name text, handler text, every interval, budget interval DEFAULT ''00:00:05''::interval, '
      'anchor timestamp with time zone DEFAULT ''2000-01-01 00:00:00+00''::timestamp with time '
      'zone, description text DEFAULT NULL::text',
      'void'),
    ('dequeue',
      'queue text, batch integer DEFAULT 1, lease interval DEFAULT NULL::interval',
      'TABLE(id bigint, payload jsonb, priority integer, attempts integer, idempotency_key text, '
      'enqueued_at timestamp with time zone, lease_token uuid, leased_until timestamp with time '
      'zone)'),
    ('discard', 'queue text, ids bigint[] DEFAULT NULL::bigint[]', 'integer'),
    ('drain_key', 'parent regclass', 'text[]'),
    ('drain_partition', 'parent regclass', 'bigint'),
    ('drain_partitions', '', 'boolean'),
    ('drain_shape', 'parent regclass', 'text'),
    ('drain_statements',
      'source regclass, shadow regclass, key text[], OUT copy_chunk text, OUT compare_chunk text, '
      'OUT count_rows text, OUT sync_row text, OUT remove_row text, OUT meet_row text',
      'record'),
    ('end_drain', 'drain_id bigint, reason text', 'void'),
    ('enqueue',
      'queue text, payload jsonb, idempotency_key text DEFAULT NULL::text, priority integer '
      'DEFAULT 0, delay interval DEFAULT ''00:00:00''::interval',
      'TABLE(id bigint, is_new boolean)'),
    ('enqueue_many',
      'queue text, payloads jsonb, idempotency_keys text[] DEFAULT NULL::text[], priority integer '
      'DEFAULT 0, delay interval DEFAULT ''00:00:00''::interval',
      'TABLE(id bigint, is_new boolean)'),
    ('extend_lease',
      'ids bigint[], token uuid, lease interval DEFAULT NULL::interval',
      'SETOF bigint'),
    ('fail', 'id bigint, token uuid, error text, is_retryable boolean DEFAULT true', 'text'),
    ('fail_archive_job', 'job uuid, lease uuid, error text', 'void'),
    ('finish_topic',
      'lease uuid, outcome text, error jsonb DEFAULT NULL::jsonb, as_of timestamp with time zone '
      'DEFAULT clock_timestamp()',
      'void'),
    ('free_reattached', 'child regclass', 'void'),
    ('guard_detached', 'child regclass', 'void'),
    ('guard_drained', 'drain ops.partition_drains', 'boolean'),
    ('is_guarded', 'child regclass', 'boolean'),
    ('load_archive_chunk', 'job uuid, lease uuid, number integer, content text', 'boolean'),
    ('lock_partitions', 'wait boolean DEFAULT true', 'boolean'),
    ('log', 'level text, source text, message text, details jsonb DEFAULT ''{}''::jsonb', 'void'),
    ('log_failed_login',
      'email_param text, ip_param inet DEFAULT NULL::inet, claimed jsonb DEFAULT NULL::jsonb',
      'void'),
    ('log_login',
      'email_param text, ip_param inet DEFAULT NULL::inet, claimed jsonb DEFAULT NULL::jsonb',
      'void'),
    ('log_partition_failure', 'parent regclass, reason text', 'void'),
    ('maintain_partitions',
      'as_of timestamp with time zone DEFAULT now()',
      'TABLE(parent regclass, action text, child text, detail text)'),
    ('maintain_table',
      'parent regclass, as_of timestamp with time zone DEFAULT now(), actions text[] DEFAULT '
      '''{create,blocked,reattached,detach,drop}''::text[]',
      'TABLE(action text, child text, detail text)'),
    ('manage_partitions',
      'parent regclass, control text, unit text, ahead integer DEFAULT NULL::integer, retention '
      'interval DEFAULT NULL::interval, retention_action text DEFAULT ''drop''::text, step bigint '
      'DEFAULT NULL::bigint, retention_values bigint DEFAULT NULL::bigint, template regclass '
      'DEFAULT NULL::regclass, storage_parameters text[] DEFAULT ''{}''::text[], as_of timestamp '
      'with time zone DEFAULT now()',
      'TABLE(action text, child text, detail text)'),
    ('next_archive_work',
      '',
      'TABLE(job uuid, lease uuid, action text, number integer, location text, bucket text, path '
      'text, compressed boolean, content text)'),
    ('next_chunk_blocks', 'chunk_blocks bigint, started_at timestamp with time zone', 'bigint'),
    ('next_run',
      'every interval, anchor timestamp with time zone, as_of timestamp with time zone DEFAULT '
      'clock_timestamp()',
      'timestamp with time zone'),
    ('orphans',
      '',
      'TABLE(child regclass, constraint_name text, parent regclass, orphans bigint)'),
    ('partition_bounds',
      'parent regclass',
      'TABLE(child regclass, lower_bound text, upper_bound text, is_default boolean)'),
    ('partition_coverage', 'parent regclass', 'int8multirange'),
    ('partition_head', 'parent regclass, as_of timestamp with time zone DEFAULT now()', 'bigint'),
    ('partition_name', 'parent regclass, lower_bound text, upper_bound text', 'text'),
    ('partition_period', 'unit text, step bigint, point bigint', 'int8range'),
    ('partition_periods',
      'parent regclass, as_of timestamp with time zone DEFAULT now()',
      'TABLE(place integer, span int8range)'),
    ('partition_plan',
      'parent regclass, as_of timestamp with time zone DEFAULT now()',
      'TABLE(action text, child text, lower_bound text, upper_bound text, detail text)'),
    ('partition_point', 'unit text, value text', 'bigint'),
    ('partition_range',
      'parent regclass, value text',
      'TABLE(lower_bound text, upper_bound text)'),
    ('partition_settings', 'parent regclass', 'ops.partition_config'),
    ('partition_value', 'unit text, point bigint', 'text'),
    ('purge_job_run_details', '', 'boolean'),
    ('purge_rate_limits', '', 'boolean'),
    ('recover_leases',
      'as_of timestamp with time zone DEFAULT clock_timestamp()',
      'TABLE(topic text, action text)'),
    ('redrive', 'queue text, ids bigint[] DEFAULT NULL::bigint[]', 'integer'),
    ('reencrypt_columns', '', 'boolean'),
    ('remove_unused_partitions',
      'parent regclass, as_of timestamp with time zone DEFAULT now()',
      'TABLE(child text, detail text)'),
    ('run_data_quality_check', 'name text', 'ops.data_quality_results'),
    ('run_due_data_quality_check', '', 'boolean'),
    ('run_step', 'lease uuid', 'double precision'),
    ('run_topic', 'name text', 'void'),
    ('set_setting', 'key text, value jsonb', 'jsonb'),
    ('set_topic_enabled', 'name text, is_enabled boolean', 'void'),
    ('setting', 'key text', 'jsonb'),
    ('swap_drained', 'drain ops.partition_drains', 'boolean'),
    ('take_token',
      'limit_name text, caller text',
      'TABLE(allowed boolean, remaining integer, retry_after integer)'),
    ('tick', '', ''),
    ('tick_ends', '', 'timestamp with time zone'),
    ('tidy_queue', '', 'boolean'),
    ('upkeep_partitions', '', 'boolean'),
    ('verify_drained', 'drain ops.partition_drains', 'boolean'),
    ('wake', 'function text', 'void'),
    ('wake_consumers', '', 'boolean')
) as listed (name, arguments, result);

create temporary view expected_rights as
select *
from (
  values
    ('schema', 'ops', 'service_role', 'usage', null::text[]),
    ('table', 'data_quality_checks', 'service_role', 'select', null),
    ('table', 'data_quality_results', 'service_role', 'select', null),
    ('table', 'dead_letters', 'service_role', 'delete', null),
    ('table', 'dead_letters', 'service_role', 'insert',
      '{attempts,enqueued_at,failures,id,idempotency_key,payload,priority,queue,reason}'),
    ('table', 'dead_letters', 'service_role', 'select', null),
    ('table', 'detached_partitions', 'service_role', 'select', null),
    ('table', 'partition_config', 'service_role', 'select', null),
    ('table', 'partition_drains', 'service_role', 'select', null),
    ('table', 'queue', 'service_role', 'delete', null),
    ('table', 'queue', 'service_role', 'insert',
      '{enqueued_at,failures,id,idempotency_key,payload,priority,queue,visible_at}'),
    ('table', 'queue', 'service_role', 'select', null),
    ('table', 'queue', 'service_role', 'update', '{attempts,failures,lease_token,visible_at}'),
    ('table', 'queue_keys', 'service_role', 'insert', '{key,message_id,queue}'),
    ('table', 'queue_keys', 'service_role', 'select', null),
    ('table', 'queue_keys', 'service_role', 'update', '{expires_at,message_id}'),
    ('table', 'queues', 'service_role', 'select', null),
    ('table', 'settings', 'service_role', 'select', null),
    ('table', 'settings', 'service_role', 'update', '{value}'),
    ('table', 'system_logs', 'service_role', 'insert', '{details,level,message,source}'),
    ('table', 'system_logs', 'service_role', 'select', null),
    ('table', 'topics', 'service_role', 'select', null),
    ('table', 'topics', 'service_role', 'update', '{attempt_at,due_at,is_enabled}'),
    ('view', 'admin_actions', 'service_role', 'select', null),
    ('view', 'archive_status', 'service_role', 'select', null),
    ('view', 'audit_gaps', 'service_role', 'select', null),
    ('view', 'connection_stats', 'service_role', 'select', null),
    ('view', 'invariants', 'service_role', 'select', null),
    ('view', 'partition_health', 'service_role', 'select', null),
    ('view', 'partitions', 'service_role', 'select', null),
    ('view', 'queue_status', 'service_role', 'select', null),
    ('view', 'security_events', 'service_role', 'select', null),
    ('view', 'topic_status', 'service_role', 'select', null),
    ('sequence', 'queue_id_seq', 'service_role', 'usage', null),
    ('function', 'audit_head', 'service_role', 'execute', null),
    ('function', 'bury', 'service_role', 'execute', null),
    ('function', 'complete', 'service_role', 'execute', null),
    ('function', 'confirm_archive_chunk', 'service_role', 'execute', null),
    ('function', 'dequeue', 'service_role', 'execute', null),
    ('function', 'discard', 'service_role', 'execute', null),
    ('function', 'enqueue', 'service_role', 'execute', null),
    ('function', 'enqueue_many', 'service_role', 'execute', null),
    ('function', 'extend_lease', 'service_role', 'execute', null),
    ('function', 'fail', 'service_role', 'execute', null),
    ('function', 'fail_archive_job', 'service_role', 'execute', null),
    ('function', 'load_archive_chunk', 'service_role', 'execute', null),
    ('function', 'log', 'service_role', 'execute', null),
    ('function', 'log_failed_login', 'service_role', 'execute', null),
    ('function', 'log_login', 'service_role', 'execute', null),
    ('function', 'next_archive_work', 'service_role', 'execute', null),
    ('function', 'next_run', 'service_role', 'execute', null),
    ('function', 'partition_bounds', 'service_role', 'execute', null),
    ('function', 'redrive', 'service_role', 'execute', null),
    ('function', 'run_topic', 'service_role', 'execute', null),
    ('function', 'set_setting', 'service_role', 'execute', null),
    ('function', 'set_topic_enabled', 'service_role', 'execute', null),
    ('function', 'setting', 'service_role', 'execute', null),
    ('function', 'take_token', 'service_role', 'execute', null),
    ('function', 'wake', 'service_role', 'execute', null)
) as listed (kind, object, grantee, privilege, columns);

\ir surface.psql
set local surface.schema = 'ops';

select is_empty(
  'select title from unlisted_objects',
  'schema ops holds no table, view, type or function that is not in the contract'
);
select is_empty(
  'select title from missing_objects',
  'every table, view and function of the contract is there, with its arguments and its result'
);
select is_empty(
  'select title from unlisted_rights',
  'nobody holds a right in schema ops that is not in the contract'
);
select is_empty('select title from missing_rights', 'every right of the contract is held');

savepoint planted;
create view ops.planted as select 1 as id;
select array(select title from unlisted_objects) as found \gset
rollback to savepoint planted;
select is(:'found'::text[], array['view planted'], 'a view that is not in the contract is found');

savepoint planted;
grant usage on schema ops to authenticated;
grant execute on function ops.define_setting to service_role;
select array(select title from unlisted_rights order by title collate "C") as found \gset
rollback to savepoint planted;
select is(
  :'found'::text[],
  array[
    'function define_setting: execute to service_role', 'schema ops: usage to authenticated'
  ],
  'a right that is not in the contract is found'
);

select * from finish();
rollback;
