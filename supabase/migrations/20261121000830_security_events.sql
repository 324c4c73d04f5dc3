-- Who tries to sign in, what looks like an attack, and what administrators do. An attempt is one
-- row and a few look-ups: every rule reads an index, newest first, and stops where it has seen
-- enough. E-mail addresses are never stored here.

select ops.define_setting('audit.login_address_failures', '5',
  'More failed logins than this from one address within its window raise brute_force_detected.',
  1, 100000);
select ops.define_setting('audit.login_address_accounts', '10',
  'Failed logins on more accounts than this from one address raise password_spraying_detected.',
  1, 100000);
select ops.define_setting('audit.login_address_window', '3600',
  'Window of the rules about one address, in seconds.', 1, 86400);
select ops.define_setting('audit.login_account_failures', '10',
  'More failed logins than this on one account within its window, since it last succeeded, raise '
  'account_brute_force_detected.', 1, 100000);
select ops.define_setting('audit.login_account_addresses', '5',
  'Failed logins on one account from more addresses than this raise distributed_attack_detected.',
  1, 100000);
select ops.define_setting('audit.login_account_window', '3600',
  'Window of the rules about one account, in seconds.', 1, 86400);
select ops.define_setting('audit.login_overall_failures', '10',
  'More failed logins than this in all within their window raise failed_logins_elevated.',
  1, 1000000);
select ops.define_setting('audit.login_overall_window', '60',
  'Window of the rule about all failed logins, in seconds.', 1, 86400);
select ops.define_setting('audit.login_attempts_read', '200',
  'Failed attempts that one rule reads at most, the newest first; always enough for the number '
  'that the rule asks for.',
  10, 1000000);
select ops.define_setting('audit.login_lock', '0',
  'How long an account under attack is locked by the password hook, in seconds; 0: never. A lock '
  'keeps its owner out as well, which may be what the attacker wants.', 0, 86400);
-- an office behind one address signs in within this; whoever guesses passwords gets nowhere
select ops.define_setting('audit.sign_in_burst', '30',
  'Requests to the function sign-in that one address may send at once.', 1, 1000000);
select ops.define_setting('audit.sign_in_per_minute', '30',
  'Requests to the function sign-in that one address may send a minute, in the long run.',
  1, 1000000);

create table audit.login_attempts (
  id bigint generated always as identity,
  account_hash text not null,
  address inet,
  network cidr,
  success boolean not null,
  source text not null,
  created_at timestamptz not null,
  primary key (id, created_at),
  constraint login_attempts_source_check check (source in ('api', 'hook'))
)
partition by range (created_at);

-- failures apart from successes: who signs in a thousand times hides none of his failures
create index login_attempts_account_hash_created_at_idx
  on audit.login_attempts (account_hash, created_at) where not success;
create index login_attempts_network_created_at_idx
  on audit.login_attempts (network, created_at) where not success;
create index login_attempts_created_at_idx on audit.login_attempts (created_at) where not success;
create index login_attempts_account_success_idx
  on audit.login_attempts (account_hash, network, created_at) where success;
create index login_attempts_network_success_idx
  on audit.login_attempts (network, account_hash, created_at) where success;

comment on table audit.login_attempts is
  'Attempts to sign in with a password, by days of created_at, kept for two weeks.';
comment on column audit.login_attempts.account_hash is
  'audit.account_hash() of the e-mail address, whether there is such an account or not.';
comment on column audit.login_attempts.address is
  'The address that the trusted proxy saw; null when it is not known.';
comment on column audit.login_attempts.network is 'audit.caller_network() of the address.';
comment on column audit.login_attempts.source is
  'api: told by a function of the edge; hook: by Auth itself. One attempt may be told by both.';
comment on column audit.login_attempts.created_at is 'When it was recorded, by the clock.';

create table audit.security_events (
  id bigint generated always as identity,
  event_type text not null,
  severity text not null,
  subject text not null,
  user_id uuid,
  address inet,
  claimed jsonb,
  details jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (id, created_at),
  constraint security_events_severity_check check (severity in ('info', 'warning', 'critical'))
)
partition by range (created_at);

create index security_events_subject_idx
  on audit.security_events (subject, event_type, created_at);
create index security_events_created_at_idx on audit.security_events (created_at);

comment on table audit.security_events is
  'What looks like an attack, by months of created_at, kept for 400 days. '
  'audit.raise_security_event() writes it; no row is changed.';
comment on column audit.security_events.subject is
  'What the event is about and is raised once a window for: hash of an account, network, or all.';
comment on column audit.security_events.user_id is
  'The user whose account it is; null when there is none. No foreign key: the event outlives it.';
comment on column audit.security_events.address is
  'The address that the trusted proxy saw; null when it is not known.';
comment on column audit.security_events.claimed is
  'What the client says of itself, not checked; null when it says nothing.';
comment on column audit.security_events.details is 'The figures that raised it.';

create table audit.admin_actions (
  id bigint generated always as identity primary key,
  admin_id uuid,
  actor_role text not null,
  action text not null,
  target_schema text not null,
  target_table text not null,
  target_id text not null,
  reason text,
  metadata jsonb not null default '{}',
  address inet,
  claimed jsonb,
  created_at timestamptz not null default now()
);

create index admin_actions_admin_id_idx on audit.admin_actions (admin_id, created_at);
create index admin_actions_target_idx on audit.admin_actions (target_table, target_id);
create index admin_actions_created_at_idx on audit.admin_actions (created_at);

comment on table audit.admin_actions is
  'What was done by the right of a role, and why. audit.log_admin_action() writes it, in the '
  'transaction of the act; no row is changed. There is no foreign key: rows outlive what they '
  'name.';
comment on column audit.admin_actions.admin_id is
  'The user who acted; null for the operator and the service key.';
comment on column audit.admin_actions.actor_role is 'Role that the statement was sent as.';
comment on column audit.admin_actions.target_id is 'Key of the row, as text.';
comment on column audit.admin_actions.reason is 'Why, as the administrator wrote it; null without.';
comment on column audit.admin_actions.metadata is 'What the action adds; never a private value.';
comment on column audit.admin_actions.address is
  'The address that the trusted proxy saw; null when it is not known.';
comment on column audit.admin_actions.claimed is 'As in audit.audit_logs.';

create function audit.account_hash(email text)
returns text
language sql
volatile
security invoker
set search_path = ''
as $$
  select private.blind_index(
    lower(normalize(btrim(coalesce(email, '')), nfkc)), 'audit.login_attempts.account_hash'
  );
$$;

comment on function audit.account_hash(text) is
  'What stands for an e-mail address where the address itself must not: a keyed hash of it in '
  'lower case, without blanks around it, so that nobody finds it by trying addresses. When the key '
  'is rotated, counts begin anew. Raises PL080 without a key.';

create function audit.caller_network(address inet)
returns cidr
language sql
immutable
parallel safe
strict
security invoker
set search_path = ''
as $$
  select network(case
    when address <<= '::ffff:0:0/96' then '0.0.0.0'::inet + (address - '::ffff:0:0'::inet)
    when family(address) = 6 then set_masklen(address, 64)
    else set_masklen(address, 32)
  end);
$$;

comment on function audit.caller_network(inet) is
  'What counts as one caller: an IPv4 address, also when it is written as IPv6, or a /64 of IPv6, '
  'which one line has whole.';

create function audit.is_raised(
  event_type text,
  subject text,
  since timestamptz
)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select exists (
    select
    from audit.security_events
    where security_events.subject = is_raised.subject
      and security_events.event_type = is_raised.event_type
      and security_events.created_at > since
  );
$$;

comment on function audit.is_raised(text, text, timestamptz) is
  'True when such an event about the subject was written after that time. Volatile, to see what '
  'others have committed since the statement around it began.';

create function audit.raise_security_event(
  event_type text,
  severity text,
  subject text,
  quiet interval,
  user_id uuid default null,
  address inet default null,
  claimed jsonb default null,
  details jsonb default '{}',
  as_of timestamptz default clock_timestamp()
)
returns boolean
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if audit.is_raised(event_type, subject, as_of - quiet) then
    return false;
  end if;
  -- A unique key can not say "none in the hour before": it would have to hold created_at, or count
  -- by hours of the clock and raise twice around each. Under the lock one looks again.
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(' ', 'audit.security_events', event_type, subject), 0
  ));
  if audit.is_raised(event_type, subject, as_of - quiet) then
    return false;
  end if;
  insert into audit.security_events (
    event_type, severity, subject, user_id, address, claimed, details, created_at
  )
  values (
    raise_security_event.event_type, raise_security_event.severity, raise_security_event.subject,
    raise_security_event.user_id, raise_security_event.address, raise_security_event.claimed,
    raise_security_event.details, as_of
  );
  return true;
end;
$$;

comment on function audit.raise_security_event(
  text, text, text, interval, uuid, inet, jsonb, jsonb, timestamptz
) is
  'Writes an event unless one of the same type about the same subject was written within the '
  'interval quiet before, of whatever severity; false then. Raised once, also by many sessions at '
  'once. Raises 23514 for a severity that is not info, warning or critical.';

create function audit.is_known_failure(
  account_hash text,
  network cidr,
  since timestamptz,
  row_limit int
)
returns boolean
language sql
volatile
security invoker
set search_path = ''
as $$
  select exists (
    select
    from (
      select login_attempts.network, login_attempts.created_at
      from audit.login_attempts
      where login_attempts.account_hash = is_known_failure.account_hash
        and not login_attempts.success
        and login_attempts.created_at > since
      order by login_attempts.created_at desc
      limit row_limit
    ) as failures
    where failures.network = is_known_failure.network
      and not exists (
        select
        from audit.login_attempts
        where login_attempts.account_hash = is_known_failure.account_hash
          and login_attempts.network = is_known_failure.network
          and login_attempts.success
          and login_attempts.created_at >= failures.created_at
      )
  );
$$;

comment on function audit.is_known_failure(text, cidr, timestamptz, int) is
  'True when the account has failed from the network after that time, and not succeeded since: one '
  'more failure adds neither an account to the network''s nor a network to the account''s. False '
  'also when that failure is not among the latest. Volatile, to see what others have committed.';

create function audit.record_login(
  email text,
  address inet,
  success boolean,
  claimed jsonb default null,
  source text default 'api',
  as_of timestamptz default null
)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  account text := audit.account_hash(email);
  caller cidr := audit.caller_network(address);
  address_window interval :=
    make_interval(secs => ops.setting('audit.login_address_window')::float8);
  account_window interval :=
    make_interval(secs => ops.setting('audit.login_account_window')::float8);
  overall_window interval :=
    make_interval(secs => ops.setting('audit.login_overall_window')::float8);
  -- one more than the largest number that a rule asks for
  most_read int := greatest(
    ops.setting('audit.login_attempts_read')::int,
    ops.setting('audit.login_account_failures')::int + 1,
    ops.setting('audit.login_account_addresses')::int + 1,
    ops.setting('audit.login_address_failures')::int + 1,
    ops.setting('audit.login_address_accounts')::int + 1,
    ops.setting('audit.login_overall_failures')::int + 1
  );
  moment timestamptz;
  is_known boolean;
  last_success timestamptz;
  on_account record;
  from_address record;
  overall record;
  is_shared boolean;
begin
  -- Of failures at once each must see the ones before it, or none would see enough of them. Account
  -- before address, so that nobody waits in a ring. Once an attack is known nobody waits any more
  -- who can not be part of another: in line, its requests would hold every connection of the API.
  moment := coalesce(as_of, clock_timestamp());
  if not success then
    is_known := caller is null or audit.is_known_failure(
      account, caller, moment - least(account_window, address_window), most_read
    );
    if not audit.is_raised('account_brute_force_detected', account, moment - account_window)
      or not is_known
      and not audit.is_raised('distributed_attack_detected', account, moment - account_window)
    then
      perform pg_advisory_xact_lock(hashtextextended('audit.login ' || account, 0));
    end if;
    if caller is not null and (
      not audit.is_raised('brute_force_detected', caller::text, moment - address_window)
      or not is_known
      and not audit.is_raised('password_spraying_detected', caller::text, moment - address_window)
    ) then
      perform pg_advisory_xact_lock(hashtextextended('audit.login ' || caller, 0));
    end if;
  end if;
  moment := coalesce(as_of, clock_timestamp());

  insert into audit.login_attempts (account_hash, address, network, success, source, created_at)
  values (
    account, record_login.address, caller, record_login.success, record_login.source, moment
  );
  if success then
    return;
  end if;

  last_success := (
    select max(login_attempts.created_at)
    from audit.login_attempts
    where login_attempts.account_hash = account
      and login_attempts.success
      and login_attempts.created_at > moment - account_window
      and login_attempts.created_at <= moment
  );
  -- the hook tells of every attempt on an account that exists, the functions of their own only
  select
    greatest(
      count(*) filter (where failures.source = 'api' and failures.is_since_success),
      count(*) filter (where failures.source = 'hook' and failures.is_since_success)
    ) as failures,
    count(distinct failures.network) filter (
      where not exists (
        select
        from audit.login_attempts
        where login_attempts.account_hash = account
          and login_attempts.network = failures.network
          and login_attempts.success
          and login_attempts.created_at >= failures.created_at
          and login_attempts.created_at <= moment
      )
    ) as networks
  into on_account
  from (
    select
      login_attempts.source,
      login_attempts.network,
      login_attempts.created_at,
      login_attempts.created_at > coalesce(last_success, '-infinity') as is_since_success
    from audit.login_attempts
    where login_attempts.account_hash = account
      and not login_attempts.success
      and login_attempts.created_at > moment - account_window
      and login_attempts.created_at <= moment
    order by login_attempts.created_at desc
    limit most_read
  ) as failures;

  -- Behind one address there may be an office: who mistypes and then succeeds does not count. Nor
  -- is he among those that are read, or who does both by turns would hide what he does between.
  select
    count(*) as failures,
    count(distinct failures.account_hash) as accounts,
    (
      select count(*)
      from (
        select distinct login_attempts.account_hash
        from audit.login_attempts
        where login_attempts.network = caller
          and login_attempts.success
          and login_attempts.created_at > moment - address_window
          and login_attempts.created_at <= moment
        limit most_read
      ) as accounts
    ) as succeeded
  into from_address
  from (
    select failure.account_hash
    from audit.login_attempts as failure
    where failure.network = caller
      and not failure.success
      and failure.created_at > moment - address_window
      and failure.created_at <= moment
      and not exists (
        select
        from audit.login_attempts
        where login_attempts.network = caller
          and login_attempts.account_hash = failure.account_hash
          and login_attempts.success
          and login_attempts.created_at > failure.created_at
          and login_attempts.created_at <= moment
      )
    order by failure.created_at desc
    limit most_read
  ) as failures;

  -- without a lock, which would make all who mistype wait in one line: the next failure at the
  -- latest sees what this one could not
  select
    greatest(
      count(*) filter (where latest.source = 'api'), count(*) filter (where latest.source = 'hook')
    ) as failures
  into overall
  from (
    select login_attempts.source
    from audit.login_attempts
    where not login_attempts.success
      and login_attempts.created_at > moment - overall_window
      and login_attempts.created_at <= moment
    order by login_attempts.created_at desc
    limit most_read
  ) as latest;

  -- most of those who come from there are who they say: worth a look, but no reason to shut it out.
  -- Where there are more failures than are read, nobody knows of how many accounts they are.
  is_shared := from_address.succeeded > from_address.accounts
    and from_address.failures < most_read;
  perform audit.raise_security_event(
    rules.event_type, rules.severity, rules.subject, rules.quiet,
    case when rules.is_of_account then (
      select users.id
      from auth.users
      where users.email = lower(btrim(record_login.email)) and not users.is_sso_user
    ) end,
    record_login.address, record_login.claimed, rules.details, moment
  )
  from (
    values
      ('failed_login', 'warning', account, account_window, true,
        jsonb_build_object('source', record_login.source), true),
      ('account_brute_force_detected', 'critical', account, account_window, true,
        jsonb_build_object('failures', on_account.failures),
        on_account.failures > ops.setting('audit.login_account_failures')::int),
      ('distributed_attack_detected', 'critical', account, account_window, true,
        jsonb_build_object('addresses', on_account.networks),
        on_account.networks > ops.setting('audit.login_account_addresses')::int),
      ('brute_force_detected', 'critical', caller::text, address_window, false,
        jsonb_build_object('failures', from_address.failures),
        not is_shared
          and from_address.failures > ops.setting('audit.login_address_failures')::int),
      ('password_spraying_detected', 'critical', caller::text, address_window, false,
        jsonb_build_object('accounts', from_address.accounts),
        not is_shared
          and from_address.accounts > ops.setting('audit.login_address_accounts')::int),
      ('shared_address_failures', 'warning', caller::text, address_window, false,
        jsonb_build_object(
          'failures', from_address.failures, 'accounts', from_address.accounts,
          'succeeded', from_address.succeeded
        ),
        is_shared and (
          from_address.failures > ops.setting('audit.login_address_failures')::int
          or from_address.accounts > ops.setting('audit.login_address_accounts')::int
        )),
      ('failed_logins_elevated', 'warning', 'all', overall_window, false,
        jsonb_build_object('failures', overall.failures),
        overall.failures > ops.setting('audit.login_overall_failures')::int)
  ) as rules (event_type, severity, subject, quiet, is_of_account, details, is_broken)
  where rules.is_broken;
end;
$$;

comment on function audit.record_login(text, inet, boolean, jsonb, text, timestamptz) is
  'Records an attempt to sign in and raises what its rules find: failed_login, '
  'account_brute_force_detected, distributed_attack_detected, brute_force_detected, '
  'password_spraying_detected, shared_address_failures (in place of these two where more accounts '
  'succeed than fail, in fewer failures than a rule reads), failed_logins_elevated; each once a '
  'window. Parameters: the e-mail address as it was given, the address of the caller as a '
  'trusted proxy saw it or null, whether the password was right, what the client says of itself, '
  'who tells it (api or hook), the time (null: now). Raises 23514 for another source.';

-- Definer: the service role may tell of a login and read, change or invent nothing else here.
create function audit.log_failed_login(
  email_param text,
  ip_param inet,
  claimed jsonb default null
)
returns void
language sql
volatile
security definer
set search_path = ''
as $$
  select audit.record_login(email_param, ip_param, false, claimed);
$$;

comment on function audit.log_failed_login(text, inet, jsonb) is
  'Body of ops.log_failed_login().';

-- Definer for the same reason.
create function audit.log_login(
  email_param text,
  ip_param inet,
  claimed jsonb default null
)
returns void
language sql
volatile
security definer
set search_path = ''
as $$
  select audit.record_login(email_param, ip_param, true, claimed);
$$;

comment on function audit.log_login(text, inet, jsonb) is
  'Body of ops.log_login().';

create function ops.log_failed_login(
  email_param text,
  ip_param inet default null,
  claimed jsonb default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select audit.log_failed_login(email_param, ip_param, claimed);
$$;

comment on function ops.log_failed_login(text, inet, jsonb) is
  'Records that a password was wrong and raises security events where the rules in ops.settings, '
  'audit.login_…, find an attack. Parameters: the e-mail address as it was given, of which only a '
  'hash is kept; the caller''s address as a trusted proxy saw it, null when it is not known; what '
  'the client says of itself, kept unchecked.';

create function ops.log_login(
  email_param text,
  ip_param inet default null,
  claimed jsonb default null
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  select audit.log_login(email_param, ip_param, claimed);
$$;

comment on function ops.log_login(text, inet, jsonb) is
  'Records that a user signed in by password, which ends the count of failures on the account. '
  'Parameters as in ops.log_failed_login().';

create function audit.is_login_locked(
  account_hash text,
  as_of timestamptz default clock_timestamp()
)
returns boolean
language sql
stable
security invoker
set search_path = ''
as $$
  select exists (
    select
    from audit.security_events
    where security_events.subject = is_login_locked.account_hash
      and security_events.event_type in (
        'account_brute_force_detected', 'distributed_attack_detected'
      )
      and security_events.created_at
        > as_of - make_interval(secs => ops.setting('audit.login_lock')::float8)
      and security_events.created_at <= as_of
  );
$$;

comment on function audit.is_login_locked(text, timestamptz) is
  'True when an attack on the account was found within the setting audit.login_lock; always false '
  'while that is 0.';

-- Definer: Auth calls it as a role that has no right on these tables. It is told a user and whether
-- the password was right, no address: the rules about addresses need the function sign-in.
create function private.password_verification_hook(event jsonb)
returns jsonb
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  email text;
begin
  select users.email into email
  from auth.users
  where users.id = (event ->> 'user_id')::uuid;

  perform audit.record_login(email, null, (event ->> 'valid')::boolean, source => 'hook');
  -- to the right password as well, or the refusal would tell which one it is
  if audit.is_login_locked(audit.account_hash(email)) then
    return jsonb_build_object(
      'decision', 'reject',
      'message', 'This account is locked for a while. Try again later or reset the password.',
      'should_logout_user', false
    );
  end if;
  return jsonb_build_object('decision', 'continue');
exception
  -- what can not be recorded (there is no key, say) shuts nobody out
  when others then
    perform ops.log('error', 'private.password_verification_hook',
      'An attempt to sign in was not recorded.', jsonb_build_object('reason', sqlerrm));
    return jsonb_build_object('decision', 'continue');
end;
$$;

comment on function private.password_verification_hook(jsonb) is
  'Supabase Auth hook: records an attempt to sign in, and rejects it while the account is locked '
  '(setting audit.login_lock, off by default). An attempt that can not be recorded goes on and is '
  'an error in ops.system_logs. Parameter: the event of the hook, user_id and valid. Result: the '
  'decision.';

create function audit.log_admin_action(
  action text,
  target regclass,
  target_id text,
  reason text default null,
  metadata jsonb default '{}'
)
returns void
language sql
volatile
security invoker
set search_path = ''
as $$
  insert into audit.admin_actions (
    admin_id, actor_role, action, target_schema, target_table, target_id, reason, metadata,
    address, claimed
  )
  select
    auth.uid(), origin.actor_role, log_admin_action.action, pg_namespace.nspname, pg_class.relname,
    log_admin_action.target_id, nullif(btrim(log_admin_action.reason), ''),
    log_admin_action.metadata, origin.address, origin.claimed
  from audit.current_origin() as origin
  cross join pg_catalog.pg_class
  join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
  where pg_class.oid = target;
$$;

comment on function audit.log_admin_action(text, regclass, text, text, jsonb) is
  'Writes down what was done by the right of a role. Called by the functions that do it, after it '
  'is done. Parameters: the name of the act, the table, the key of the row as text, why, what else '
  'tells of it and is not private.';

create function audit.log_role_change()
returns trigger
language plpgsql
volatile
security invoker
set search_path = ''
as $$
begin
  if tg_op = 'TRUNCATE' then
    perform audit.log_admin_action('revoke_role', tg_relid, user_roles.user_id::text,
      metadata => jsonb_build_object('role', user_roles.role))
    from private.user_roles;
    return null;
  end if;
  if tg_op = 'DELETE'
    or tg_op = 'UPDATE' and (old.user_id, old.role) is distinct from (new.user_id, new.role)
  then
    perform audit.log_admin_action('revoke_role', tg_relid, old.user_id::text,
      metadata => jsonb_build_object('role', old.role));
  end if;
  if tg_op <> 'DELETE' then
    perform audit.log_admin_action('grant_role', tg_relid, new.user_id::text,
      metadata => jsonb_build_object('role', new.role, 'expires_at', new.expires_at));
  end if;
  return null;
end;
$$;

comment on function audit.log_role_change() is
  'Trigger function, after each row of private.user_roles and before all go at once: an admin '
  'action for each role that is given or taken, both where a row becomes another user''s or '
  'another role.';

create trigger user_roles_log_change
  after insert or update or delete on private.user_roles
  for each row execute function audit.log_role_change();
create trigger user_roles_log_truncate
  before truncate on private.user_roles
  for each statement execute function audit.log_role_change();

create trigger security_events_refuse_change
  before update or delete or truncate on audit.security_events
  for each statement execute function audit.refuse_change();
create trigger admin_actions_refuse_change
  before update or delete or truncate on audit.admin_actions
  for each statement execute function audit.refuse_change();

create view ops.security_events with (security_invoker = true) as
select
  security_events.id,
  security_events.created_at,
  security_events.event_type,
  security_events.severity,
  security_events.subject,
  security_events.user_id,
  security_events.address,
  security_events.claimed,
  security_events.details
from audit.security_events;

comment on view ops.security_events is 'What looks like an attack; see audit.security_events.';

create view ops.admin_actions with (security_invoker = true) as
select
  admin_actions.id,
  admin_actions.created_at,
  admin_actions.admin_id,
  admin_actions.actor_role,
  admin_actions.action,
  admin_actions.target_schema,
  admin_actions.target_table,
  admin_actions.target_id,
  admin_actions.reason,
  admin_actions.metadata,
  admin_actions.address,
  admin_actions.claimed
from audit.admin_actions;

comment on view ops.admin_actions is
  'What was done by the right of a role, and why; see audit.admin_actions.';

-- Definer: only members of pg_read_all_stats see the state and the encryption of other sessions,
-- and service_role is none. It tells counts, no statement and no address.
create function private.connection_counts()
returns table (
  user_name text,
  application_name text,
  state text,
  channel text,
  connections bigint,
  oldest_at timestamptz
)
language sql
stable
security definer
set search_path = ''
as $$
  select
    pg_stat_activity.usename::text,
    pg_stat_activity.application_name,
    pg_stat_activity.state,
    case
      when pg_stat_activity.client_addr is null then 'local'
      when pg_stat_ssl.ssl then 'tls'
      else 'plain'
    end as channel,
    count(*),
    min(pg_stat_activity.backend_start)
  from pg_catalog.pg_stat_activity
  join pg_catalog.pg_stat_ssl on pg_stat_ssl.pid = pg_stat_activity.pid
  where pg_stat_activity.backend_type in ('client backend', 'walsender')
  group by 1, 2, 3, 4;
$$;

comment on function private.connection_counts() is
  'Body of ops.connection_stats.';

create view ops.connection_stats with (security_invoker = true) as
select
  connection_counts.user_name,
  connection_counts.application_name,
  connection_counts.state,
  connection_counts.channel,
  connection_counts.connections,
  connection_counts.oldest_at
from private.connection_counts();

comment on view ops.connection_stats is
  'Connections of clients and replicas to this server by user, application and state.';
comment on column ops.connection_stats.application_name is 'As the client names itself.';
comment on column ops.connection_stats.state is 'As in pg_stat_activity.';
comment on column ops.connection_stats.channel is
  'tls; plain: over the network without it, which should be none; local: by a socket file.';
comment on column ops.connection_stats.oldest_at is 'Begin of the oldest of them.';

alter table audit.login_attempts enable row level security;
alter table audit.security_events enable row level security;
alter table audit.admin_actions enable row level security;

select ops.manage_partitions(
  parent => 'audit.login_attempts',
  control => 'created_at',
  unit => 'day',
  retention => '14 days'
);
select ops.manage_partitions(
  parent => 'audit.security_events',
  control => 'created_at',
  unit => 'month',
  retention => '400 days'
);

grant usage on schema audit to service_role;
grant select on audit.security_events, audit.admin_actions to service_role;
grant select on ops.security_events, ops.admin_actions, ops.connection_stats to service_role;
grant execute on function
  audit.log_failed_login(text, inet, jsonb),
  audit.log_login(text, inet, jsonb),
  ops.log_failed_login(text, inet, jsonb),
  ops.log_login(text, inet, jsonb),
  private.connection_counts()
  to service_role;
grant execute on function private.password_verification_hook(jsonb) to supabase_auth_admin;
