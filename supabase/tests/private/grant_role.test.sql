-- How roles are handed on: by an administrator who holds the role, or by the operator.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(15);

select pg_temp.act_as('admin');
select lives_ok(
  $$select private.grant_role(pg_temp.person('other'), 'admin', now() + interval '1 day')$$,
  'an administrator grants the role that they hold'
);
select lives_ok(
  $$select private.grant_role(pg_temp.person('other'), 'admin', now() + interval '2 days')$$,
  'granting it again is no error'
);
select pg_temp.act_as('operator');
select results_eq(
  $$
    select role, granted_by, granted_at, expires_at
    from private.user_roles
    where user_id = pg_temp.person('other')
  $$,
  $$values ('admin', pg_temp.person('admin'), now(), now() + interval '2 days')$$,
  'the row says who granted it and until when, and the last grant holds'
);

select pg_temp.act_as('super_admin');
select lives_ok(
  $$select private.grant_role(pg_temp.person('member'), 'super_admin')$$,
  'a super_admin makes another'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('member'), 'admin')$$,
  '42501', null, 'a super_admin who is no admin can not make one'
);

select pg_temp.act_as('admin');
select throws_ok(
  $$select private.grant_role(pg_temp.person('nobody'), 'admin')$$,
  '23503', null, 'a user who does not exist gets no role'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('member'), 'owner')$$,
  'PL003', 'owner is not a role.', 'a role that does not exist is refused by name'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('member'), null)$$,
  'PL003', 'null is not a role.', 'no role is refused too'
);
select is(
  private.revoke_role(pg_temp.person('other'), 'admin'), true,
  'an administrator takes the role that they hold'
);
select is(
  private.revoke_role(pg_temp.person('other'), 'admin'), false,
  'taking it twice says that there was nothing to take'
);

select pg_temp.act_as('service_role');
select lives_ok(
  $$select private.grant_role(pg_temp.person('other'), 'moderator')$$,
  'the service key grants any role'
);
select is(
  private.revoke_role(pg_temp.person('other'), 'moderator'), true,
  'the service key takes any role'
);

select pg_temp.act_as('operator');
select lives_ok(
  $$select private.grant_role(pg_temp.person('other'), 'super_admin')$$,
  'the operator makes the first administrator'
);
select is(
  (select granted_by from private.user_roles where user_id = pg_temp.person('other')),
  null::uuid,
  'a role that the operator gave names nobody'
);

delete from auth.users where id = pg_temp.person('other');
select is_empty(
  $$select 1 from private.user_roles where user_id = pg_temp.person('other')$$,
  'the roles of a user go with the user'
);

select * from finish();
rollback;
