-- Threat: a user gives themself, or a friend, a role that they do not hold.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir people.psql

select plan(20);

create temporary view roles_now as
select user_id, role, granted_by, expires_at from private.user_roles;
create temporary table roles_before as table roles_now;

select pg_temp.act_as('member');
select throws_ok(
  $$insert into private.user_roles (user_id, role) values (auth.uid(), 'super_admin')$$,
  '42501', null, 'a user can not insert a role for themself'
);
select throws_ok(
  $$update private.user_roles set role = 'super_admin' where user_id = auth.uid()$$,
  '42501', null, 'a user can not change a role'
);
select throws_ok(
  'delete from private.user_roles where true',
  '42501', null, 'a user can not take the roles of others'
);
select throws_ok(
  'select role from private.user_roles',
  '42501', null, 'a user can not read who holds which role'
);
select throws_ok(
  $$select private.grant_role(auth.uid(), 'admin')$$,
  '42501', null, 'a user without a role can not grant themself one'
);
select throws_ok(
  $$select private.grant_role(auth.uid(), 'user')$$,
  '42501', null, 'not even the least role'
);
select throws_ok(
  $$select private.revoke_role(pg_temp.person('admin'), 'admin')$$,
  '42501', null, 'a user without a role can not take the role of an administrator'
);
select throws_ok(
  $$
    update auth.users set raw_app_meta_data = '{"role": "admin"}' where id = auth.uid()
  $$,
  '42501', null, 'a user can not write their own app_metadata'
);

select pg_temp.act_as('moderator');
select throws_ok(
  $$select private.grant_role(auth.uid(), 'admin')$$,
  '42501', null, 'a moderator can not become an administrator'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('other'), 'moderator')$$,
  '42501', null, 'a moderator can not make another moderator: granting is for administrators'
);
select throws_ok(
  $$select private.revoke_role(pg_temp.person('moderator'), 'moderator')$$,
  '42501', null, 'a moderator can take no role'
);

select pg_temp.act_as('admin');
select throws_ok(
  $$select private.grant_role(auth.uid(), 'super_admin')$$,
  '42501', null, 'an administrator can not become a super_admin'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('other'), 'super_admin')$$,
  '42501', null, 'an administrator can not make a super_admin'
);
select throws_ok(
  $$select private.grant_role(pg_temp.person('other'), 'moderator')$$,
  '42501', null, 'an administrator can not grant a lesser role that they do not hold'
);
select throws_ok(
  $$select private.revoke_role(pg_temp.person('super_admin'), 'super_admin')$$,
  '42501', null, 'an administrator can not take the role of a super_admin'
);
select throws_ok(
  $$insert into private.user_roles (user_id, role) values (auth.uid(), 'super_admin')$$,
  '42501', null, 'an administrator can not write the table of roles past grant_role'
);

select pg_temp.act_as('anon');
select throws_ok(
  $$select private.grant_role(pg_temp.person('other'), 'admin')$$,
  '42501', null, 'nobody signed in can grant'
);
select throws_ok(
  $$select private.revoke_role(pg_temp.person('admin'), 'admin')$$,
  '42501', null, 'nobody signed in can take a role'
);

select pg_temp.act_as('service_role');
select throws_ok(
  $$insert into private.user_roles (user_id, role) values (pg_temp.person('other'), 'admin')$$,
  '42501', null, 'the service key too grants by grant_role, never by a row'
);

select pg_temp.act_as('operator');
select is_empty(
  $$
    (table roles_now except table roles_before) union all
    (table roles_before except table roles_now)
  $$,
  'after all attempts everyone holds the roles that they held'
);

select * from finish();
rollback;
