-- What is done by the right of a role leaves a row that says who did it, to what, and why.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir ../private/people.psql

select plan(16);

create temporary view actions as
select admin_id, action, target_schema || '.' || target_table as target, target_id, metadata
from audit.admin_actions
where target_id in (pg_temp.person('other')::text, pg_temp.person('member')::text)
order by id offset 0;
delete from private.user_roles where user_id = pg_temp.person('other');

select pg_temp.act_as('admin');
select private.grant_role(pg_temp.person('other'), 'admin', '2090-01-01') \g /dev/null
select private.revoke_role(pg_temp.person('other'), 'admin') \g /dev/null
select private.revoke_role(pg_temp.person('other'), 'admin') \g /dev/null
select pg_temp.act_as('operator');
select results_eq(
  'select * from actions',
  $$
    values
      (pg_temp.person('admin'), 'grant_role', 'private.user_roles', pg_temp.person('other')::text,
        '{"role": "admin", "expires_at": "2090-01-01T00:00:00+00:00"}'::jsonb),
      (pg_temp.person('admin'), 'revoke_role', 'private.user_roles',
        pg_temp.person('other')::text, '{"role": "admin"}')
  $$,
  'a role that is given or taken is an action; nothing taken is none'
);
insert into private.user_roles (user_id, role) values (pg_temp.person('member'), 'analyst');
update private.user_roles set expires_at = '2090-01-01'
where user_id = pg_temp.person('member');
delete from auth.users where id = pg_temp.person('member');
select results_eq(
  $$
    select action, admin_id, metadata ->> 'role'
    from actions where target_id = pg_temp.person('member')::text
  $$,
  $$
    values
      ('grant_role', null::uuid, 'analyst'), ('grant_role', null, 'analyst'),
      ('revoke_role', null, 'analyst')
  $$,
  'a role is an action also when it is written by hand, or goes with its user'
);

insert into private.user_roles (user_id, role)
values (pg_temp.person('other'), 'analyst'), (pg_temp.person('other'), 'moderator');
create temporary table seen as select max(id) as id from audit.admin_actions;
update private.user_roles
set user_id = pg_temp.person('admin')
where user_id = pg_temp.person('other') and role = 'analyst';
update private.user_roles
set role = 'analyst'
where user_id = pg_temp.person('other') and role = 'moderator';
create temporary view written as
select admin_actions.action, admin_actions.target_id, admin_actions.metadata ->> 'role' as role
from audit.admin_actions
where admin_actions.id > (select id from seen)
order by admin_actions.id offset 0;
select results_eq(
  'select * from written',
  $$
    values
      ('revoke_role', pg_temp.person('other')::text, 'analyst'),
      ('grant_role', pg_temp.person('admin')::text, 'analyst'),
      ('revoke_role', pg_temp.person('other')::text, 'moderator'),
      ('grant_role', pg_temp.person('other')::text, 'analyst')
  $$,
  'a row that becomes another user''s, or another role, is taken from one and given to the other'
);
create temporary table before as select user_id::text, role from private.user_roles;
update seen set id = (select max(id) from audit.admin_actions) where true;
savepoint emptied;
truncate private.user_roles;
select bag_eq(
  'select target_id, role from written where action = ''revoke_role''',
  'select user_id, role from before',
  'threat: who empties the table takes all roles unseen'
);
rollback to emptied;

set local request.headers =
  '{"x-forwarded-for": "10.9.9.9, 203.0.113.20", "user-agent": "Browser"}';
select pg_temp.act_as('admin');
select private.grant_role(pg_temp.person('other'), 'admin') \g /dev/null
select pg_temp.act_as('operator');
select is(
  (select claimed ->> 'user_agent' from audit.admin_actions order by id desc limit 1),
  'Browser', 'what the client says of itself is kept as a claim'
);
select isnt(
  (select address from audit.admin_actions order by id desc limit 1),
  '10.9.9.9', 'an address that the client wrote is not taken for its own'
);
select is(
  (select actor_role from audit.admin_actions order by id desc limit 1),
  'authenticated', 'the role is the one of the request'
);

select audit.log_admin_action('clean', 'ops.settings', 'a.b', '  because ', '{"n": 1}')
\g /dev/null
select results_eq(
  $$
    select target_schema, target_table, target_id, reason, metadata
    from audit.admin_actions
    where action = 'clean'
  $$,
  $$values ('ops', 'settings', 'a.b', 'because', '{"n": 1}'::jsonb)$$,
  'a function of any domain leaves its own, with the reason'
);

select throws_ok(
  $$update audit.admin_actions set reason = 'x' where true$$,
  'PL066', null, 'threat: an owner rewrites why. An action is not changed'
);
select throws_ok(
  $$delete from audit.admin_actions where true$$, 'PL066', null, 'an action is not removed'
);
select throws_ok(
  $$truncate audit.admin_actions$$, 'PL066', null, 'actions are not emptied'
);
select throws_ok(
  $$delete from audit.security_events where true$$, 'PL066', null, 'an event is not removed'
);
select throws_ok(
  $$update audit.security_events set severity = 'info' where true$$,
  'PL066', null, 'an event is not played down'
);

select pg_temp.act_as('service_role');
select throws_ok(
  $$select audit.log_admin_action('x', 'ops.settings', 'x')$$,
  '42501', null, 'threat: a server invents an action. No role of the API writes one'
);
select isnt_empty(
  $$select from ops.admin_actions$$, 'the service key reads actions'
);
select pg_temp.act_as('super_admin');
select throws_ok(
  $$select from audit.admin_actions$$, '42501', null, 'no user reads actions'
);

select * from finish();
rollback;
