-- Who looks after a business edits it as far as the role goes, from the acceptance on, and never
-- takes it over.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(29);

insert into auth.users (id) values
  ('a7e57000-0000-4000-8000-000000000001'), -- owner
  ('a7e57000-0000-4000-8000-000000000002'), -- manager
  ('a7e57000-0000-4000-8000-000000000003'), -- editor
  ('a7e57000-0000-4000-8000-000000000004'), -- invited, not accepted
  ('a7e57000-0000-4000-8000-000000000005'); -- stranger
insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqw-one', 'Zqw One');
insert into directory.businesses (id, slug, name, city, state, primary_category_id, owner_id,
  status)
values
  ('b7e57000-0000-4000-8000-000000000001', 'zqw-cared', 'Zqw Cared', 'Zqwville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000001', 'draft'),
  ('b7e57000-0000-4000-8000-000000000002', 'zqw-other', 'Zqw Other', 'Zqwville', 'TX',
    'c7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000005', 'active');
insert into directory.business_managers (business_id, user_id, role, accepted_at) values
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002', 'manager',
    now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000003', 'editor', now()),
  ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000004', 'manager', null);

select throws_ok(
  $$
    insert into directory.business_managers (business_id, user_id, role)
    values ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000002', 'owner')
  $$,
  '23514', null,
  'a role other than manager and editor is refused'
);
select throws_ok(
  $$
    insert into directory.business_managers (business_id, user_id)
    values ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000002')
  $$,
  '23505', null,
  'a user looks after a business once'
);

-- the manager
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select results_eq(
  $$
    update directory.businesses set description = 'By the manager'
    where slug = 'zqw-cared' returning description
  $$,
  $$ values ('By the manager') $$,
  'a manager edits the business'
);
select throws_ok(
  $$
    update directory.businesses set owner_id = 'a7e57000-0000-4000-8000-000000000002'
    where slug = 'zqw-cared'
  $$,
  '42501', null,
  'a manager can not take ownership'
);
select throws_ok(
  $$ update directory.businesses set subscription_tier = 'elite' where slug = 'zqw-cared' $$,
  '42501', null,
  'a manager can not set the tier'
);
select throws_ok(
  $$ update directory.businesses set status = 'active' where slug = 'zqw-cared' $$,
  '42501', null,
  'a manager can not publish'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqw Taken' where slug = 'zqw-other' returning id $$,
  'a manager changes no other business'
);
select throws_ok(
  $$
    update directory.business_managers set role = 'manager'
    where user_id = 'a7e57000-0000-4000-8000-000000000003'
  $$,
  '42501', null,
  'a manager can not raise an editor'
);
select throws_ok(
  $$
    insert into directory.business_managers (business_id, user_id, accepted_at)
    values ('b7e57000-0000-4000-8000-000000000002', 'a7e57000-0000-4000-8000-000000000002', now())
  $$,
  '42501', null,
  'a manager can not become manager of another business'
);
select is(
  (
    select count(*) from directory.business_managers
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  3::bigint,
  'a manager sees who else looks after the business'
);
reset role;

-- the editor
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000003"}';
set local role authenticated;
select results_eq(
  $$
    update directory.businesses set description = 'By the editor'
    where slug = 'zqw-cared' returning description
  $$,
  $$ values ('By the editor') $$,
  'an editor edits the business'
);
select throws_ok(
  $$ update directory.businesses set owner_id = null where slug = 'zqw-cared' $$,
  '42501', null,
  'an editor can not remove the owner'
);
select throws_ok(
  $$
    update directory.business_managers set role = 'manager'
    where user_id = 'a7e57000-0000-4000-8000-000000000003'
  $$,
  '42501', null,
  'an editor can not become manager'
);
select results_eq(
  $$
    select user_id from directory.business_managers
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  $$ values ('a7e57000-0000-4000-8000-000000000003'::uuid) $$,
  'an editor sees the own row and no other'
);
select results_eq(
  $$ select count(*) from directory_internal.managed_business_ids(array['manager']) $$,
  $$ values (0::bigint) $$,
  'an editor is in no set of managers'
);
reset role;

-- the invited
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000004"}';
set local role authenticated;
select is_empty(
  $$ update directory.businesses set name = 'Zqw Early' where slug = 'zqw-cared' returning id $$,
  'an invitation that is not accepted lets nobody edit'
);
select is_empty(
  $$ select 1 from directory.businesses where slug = 'zqw-cared' $$,
  'an invitation that is not accepted shows no draft'
);
select throws_ok(
  $$
    update directory.business_managers set accepted_at = now()
    where user_id = 'a7e57000-0000-4000-8000-000000000004'
  $$,
  '42501', null,
  'nobody accepts by writing the date'
);
select isnt_empty(
  $$
    select 1 from directory.business_managers
    where user_id = 'a7e57000-0000-4000-8000-000000000004'
  $$,
  'who is invited sees the invitation'
);
reset role;

-- the stranger
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000005"}';
set local role authenticated;
select is_empty(
  $$
    select 1 from directory.business_managers
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  $$,
  'a stranger does not see who looks after a business'
);
select is_empty(
  $$ update directory.businesses set name = 'Zqw Mine' where slug = 'zqw-cared' returning id $$,
  'a stranger changes nothing'
);
select throws_ok(
  $$
    insert into directory.business_managers (business_id, user_id, accepted_at)
    values ('b7e57000-0000-4000-8000-000000000001', 'a7e57000-0000-4000-8000-000000000005', now())
  $$,
  '42501', null,
  'a stranger can not become manager'
);
select throws_ok(
  $$
    delete from directory.business_managers
    where user_id = 'a7e57000-0000-4000-8000-000000000002'
  $$,
  '42501', null,
  'a stranger can not dismiss a manager'
);
reset role;

-- the owner and the visitor
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000001"}';
set local role authenticated;
select is(
  (
    select count(*) from directory.business_managers
    where business_id = 'b7e57000-0000-4000-8000-000000000001'
  ),
  3::bigint,
  'an owner sees who looks after the business'
);
reset role;
set local request.jwt.claims = '{}';
set local role anon;
select throws_ok(
  $$ select 1 from directory.business_managers $$,
  '42501', null,
  'a visitor can not read who looks after a business'
);
select throws_ok(
  $$ select directory_internal.managed_business_ids() $$,
  '42501', null,
  'a visitor can not ask for a set of managed businesses'
);
reset role;

select results_eq(
  $$ select name, description, owner_id from directory.businesses where slug = 'zqw-cared' $$,
  $$
    values ('Zqw Cared', 'By the editor', 'a7e57000-0000-4000-8000-000000000001'::uuid)
  $$,
  'after all attempts the business is as manager and editor left it'
);

-- a manager who is dismissed has no right any more
delete from directory.business_managers where user_id = 'a7e57000-0000-4000-8000-000000000002';
set local request.jwt.claims = '{"sub": "a7e57000-0000-4000-8000-000000000002"}';
set local role authenticated;
select is_empty(
  $$ update directory.businesses set name = 'Zqw Late' where slug = 'zqw-cared' returning id $$,
  'a dismissed manager edits nothing'
);
reset role;
select is(
  (select name from directory.businesses where slug = 'zqw-cared'), 'Zqw Cared',
  'the business is as it was before the dismissed manager came'
);

select * from finish();
rollback;
