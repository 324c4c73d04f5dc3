-- Threat: an administrator for an hour grants themself, or a friend, the role without end.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(6);

select pg_temp.act_as('leaving_admin');
select throws_ok(
  $$select private.grant_role(auth.uid(), 'admin')$$,
  '42501', null, 'an administrator can not take the end off their own role'
);
select throws_ok(
  $$select private.grant_role(auth.uid(), 'admin', now() + interval '1 day')$$,
  '42501', null, 'an administrator can not put off the end of their own role'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('other'), 'admin')$$,
  '42501', null, 'an administrator can not grant a role that outlives their own'
);
select lives_ok(
  $$select private.grant_role(pg_temp.person('other'), 'admin', now() + interval '1 hour')$$,
  'an administrator can grant the role until their own ends'
);

select pg_temp.act_as('operator');
select is(
  (select expires_at from private.user_roles where user_id = pg_temp.person('leaving_admin')),
  now() + interval '1 hour',
  'the role still ends when it was to end'
);
select is(
  (select expires_at from private.user_roles where user_id = pg_temp.person('other')),
  now() + interval '1 hour',
  'the role that was handed on ends with it'
);

select * from finish();
rollback;
