-- A policy says which table is archived after how many days, and where to.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;

select plan(14);

create function pg_temp.make(name text, type text default 'timestamptz')
returns regclass
language plpgsql
as $$
begin
  execute format(
    'create table public.%I (at %s not null) partition by range (at)', name, type
  );
  return format('public.%I', name)::regclass;
end;
$$;
select ops.manage_partitions(pg_temp.make(name), 'at', 'month', ahead => 1)
from unnest(array['game_history', 'chat_logs', 'player_actions', 'spare']) as name \g /dev/null

select lives_ok(
  $$select archive.define_policy('gameHistory', 'public.game_history', 365, 's3', 'old-games')$$,
  'game history is kept for 365 days and goes to S3'
);
select lives_ok(
  $$select archive.define_policy(
    'chatLogs', 'public.chat_logs', 90, 'storage', 'old-chats', 'a/b/'
  )$$,
  'chat logs are kept for 90 days and go to Supabase Storage'
);
select lives_ok(
  $$select archive.define_policy(
    'playerActions', 'public.player_actions', 180, 'local', compression => false, every => '1 day'
  )$$,
  'player actions are kept for 180 days and go to a local folder'
);
select results_eq(
  $$select retention_days, enabled from archive.policies where name = 'systemLogs'$$,
  $$values (30, false)$$,
  'system logs have a policy of 30 days from the start, which is off'
);
select results_eq(
  $$select parent::text, retention, retention_action from ops.partition_config
    where parent in ('public.game_history'::regclass, 'ops.system_logs'::regclass) order by 1$$,
  $$values
    ('ops.system_logs', interval '30 days', 'drop'),
    ('public.game_history', interval '365 days', 'archive')$$,
  'a policy gives its table the retention, one that is off leaves it alone'
);
select lives_ok(
  $$select archive.define_policy('gameHistory', 'public.game_history', 400, 's3', 'old-games')$$,
  'a policy can be changed'
);
select results_eq(
  $$select retention from ops.partition_config where parent = 'public.game_history'::regclass$$,
  $$values (interval '400 days')$$,
  'and the retention follows'
);
select results_eq(
  $$select policy, waiting, running, failed, partitions from ops.archive_status
    where policy = 'chatLogs'$$,
  $$values ('chatLogs', 0::bigint, 0::bigint, 0::bigint, 0::bigint)$$,
  'the status lists each policy'
);

select throws_ok(
  $$select archive.define_policy('other', 'public.chat_logs', 1, 'local')$$,
  '23505', null, 'a table has one policy'
);
create table public.plain (at timestamptz);
select throws_ok(
  $$select archive.define_policy('plain', 'public.plain', 1, 'local')$$,
  'PL010', null, 'a table without managed partitions is refused'
);
select ops.manage_partitions(pg_temp.make('numbers', 'bigint'), 'at', 'integer', step => 10)
  \g /dev/null
select throws_ok(
  $$select archive.define_policy('numbers', 'public.numbers', 1, 'local')$$,
  'PL096', null, 'days are no age for partitions by number'
);
select throws_ok(
  $$select archive.define_policy('spare', 'public.spare', 0, 'local')$$,
  '23514', null, 'no days are refused'
);
select throws_ok(
  $$select archive.define_policy('spare', 'public.spare', 1, 's3')$$,
  '23514', null, 'S3 without a bucket is refused'
);
select throws_ok(
  $$select archive.define_policy('spare', 'public.spare', 1, 'local', prefix => '../')$$,
  '23514', null, 'a prefix that leaves the folder is refused'
);

select * from finish();
rollback;
