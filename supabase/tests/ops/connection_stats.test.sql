-- Who is connected, and whether anybody still is without TLS.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
select plan(4);

set local application_name = 'planted application';
select results_eq(
  $$
    select user_name, state, connections, channel
    from ops.connection_stats
    where application_name = 'planted application'
  $$,
  $$
    select
      current_user::text collate "default", 'active', 1::bigint,
      case
        when inet_client_addr() is null then 'local'
        when ssl then 'tls'
        else 'plain'
      end
    from pg_stat_ssl
    where pid = pg_backend_pid()
  $$,
  'a connection is counted by user, application, state and channel'
);
set local role service_role;
select isnt_empty(
  $$select from ops.connection_stats where state is not null and user_name <> current_user$$,
  'the service key sees the sessions of others, as counts'
);
select is_empty(
  $$
    select
    from pg_stat_activity
    where usename <> current_user and query <> '<insufficient privilege>'
  $$,
  'but no statement of theirs'
);
set local role authenticated;
select throws_ok(
  $$select from ops.connection_stats$$, '42501', null, 'users see nothing of it'
);

select * from finish();
rollback;
