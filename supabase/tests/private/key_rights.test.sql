-- Threat: a client, or a function with the service key, decrypts, forges or reads a key.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(6);

create function pg_temp.attempts()
returns table (attempt text)
language sql
as $$
  select unnest(array[
    $call$select private.encrypt_sensitive('x')$call$,
    $call$select private.decrypt_sensitive('v1.x')$call$,
    $call$select private.sign('x', 'y')$call$,
    $call$select private.verify('x', 'v1.x', 'y')$call$,
    $call$select private.blind_index('x', 'y')$call$,
    $call$select private.blind_indexes('x', 'y')$call$,
    $call$select private.versioned_hash('signing', 1, 'x', 'y')$call$,
    $call$select private.key('encryption', 1)$call$,
    $call$select private.active_key_version('encryption')$call$,
    $call$select private.rotate_key('encryption')$call$,
    $call$select private.retire_key('encryption', 1)$call$,
    $call$select private.register_encrypted_column('pg_class', 'relname')$call$,
    $call$select private.reencrypt_chunk(1)$call$,
    $call$select ops.reencrypt_columns()$call$,
    'select secret from private.keys',
    'insert into private.keys (purpose) values (null)',
    'update private.keys set secret = null where true',
    'delete from private.keys where true',
    'select relation from private.encrypted_columns',
    'update private.encrypted_columns set context = null where true'
  ]);
$$;
grant execute on function pg_temp.attempts() to anon, authenticated, service_role;

-- What a role is not refused.
create function pg_temp.successes()
returns table (attempt text)
language sql
as $$
  select attempt from pg_temp.attempts() where pg_temp.outcome(attempt) <> '42501';
$$;
grant execute on function pg_temp.successes() to anon, authenticated, service_role;

select pg_temp.act_as('anon');
select is_empty('select attempt from pg_temp.successes()', 'nobody without a session can');
select pg_temp.act_as('super_admin');
select is_empty('select attempt from pg_temp.successes()', 'no user can, whatever their role');
select pg_temp.act_as('service_role');
select is_empty('select attempt from pg_temp.successes()', 'the service key can not');

select pg_temp.act_as('operator');
select is(
  (select count(*) from pg_temp.successes()), (select count(*) from pg_temp.attempts()),
  'the operator is refused nothing, so the attempts are real ones'
);
select is_empty(
  $$
    select title
    from (select unnest(array['supabase_auth_admin', 'authenticator', 'public'])) as who (title)
    where has_table_privilege(title, 'private.keys', 'select')
      or has_function_privilege(title, 'private.decrypt_sensitive(text, text)', 'execute')
      or has_function_privilege(title, 'private.key(text, integer)', 'execute')
  $$,
  'no role of the platform that clients come in by can'
);
select is_empty(
  $$select name from pg_settings where name like 'app.%' or setting ~ '^[A-Za-z0-9+/]{43}=$'$$,
  'no setting of the server holds a key, which every role could read'
);

select * from finish();
rollback;
